"""The text of a chapter, read as far as the build needs it: fences, code cells, front matter."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import yaml
from docutils.parsers.rst import Directive
from markdown_it import MarkdownIt
from mdit_py_plugins.colon_fence import colon_fence_plugin
from mdit_py_plugins.front_matter import front_matter_plugin
from myst_parser.parsers.directives import parse_directive_text

BLOCKS = MarkdownIt("commonmark").use(front_matter_plugin).use(colon_fence_plugin).disable("inline")
DIRECTIVE = re.compile(r"\{(?P<name>[\w:-]+)\}(?P<argument>.*)")
# What stands in these is not Markdown; what stands in any other directive is.
FRONT, CODE, CELL = "front matter", "code", "code-cell"
NOT_PROSE = {
    *(FRONT, CODE, "code-block", CELL, "literalinclude", "parsed-literal", "raw", "raw-cell"),
    *("math", "eval-rst", "include", "image", "toctree", "csv-table", "bibliography"),
    *("graded-exercise", "button-ref"),
}


@dataclass(frozen=True)
class Fence:
    """A directive, a block of code, or the front matter.

    Attributes:
        name: of the directive; `CODE` or `FRONT`.
        argument: what stands behind the name.
        content: the text between its two marks.
        opened: number of the line that opens it, from 1.
        closed: number of the line that closes it.
        inside: names of the fences around it, the outermost first.
    """

    name: str
    argument: str
    content: str
    opened: int
    closed: int
    inside: tuple[str, ...]


@dataclass(frozen=True)
class Line:
    """One line of a chapter.

    Attributes:
        number: from 1.
        text: of the line.
        inside: names of the fences around it, the outermost first; a fence is around the mark
            that closes it, and not around the one that opens it.
        mark: whether it opens or closes a fence.
        opens: the fence that it opens, if any.
    """

    number: int
    text: str
    inside: tuple[str, ...] = ()
    mark: bool = False
    opens: Fence | None = None

    @property
    def is_prose(self) -> bool:
        """Whether a reader sees the line as text, in the page or in a box of it."""
        return not self.mark and not NOT_PROSE & {*self.inside}


@dataclass(frozen=True)
class Cell:
    """One code cell.

    Attributes:
        line: of the chapter, at which its code begins, from 1.
        source: its code.
        tags: such as "remove-cell".
    """

    line: int
    source: str
    tags: frozenset[str] = frozenset()


class _CodeCell(Directive):
    """Says that a code cell may have options."""

    has_content = True
    option_spec = {"tags": list}  # noqa: RUF012 (as docutils has it)


def fences(text: str, before: int = 0, inside: tuple[str, ...] = ()) -> Iterator[Fence]:
    """Yield the fences of a text, each before those that stand in it.

    Args:
        text: of a chapter, or between the marks of a fence.
        before: how many lines of the chapter stand before it.
        inside: names of the fences around it.
    """
    for token in BLOCKS.parse(text):
        if token.map and token.type in ("front_matter", "fence", "colon_fence"):
            directive = DIRECTIVE.match(token.info.strip())
            name, argument = directive.groups() if directive else (CODE, "")
            if token.type == "front_matter":
                name = FRONT
            opened, closed = before + token.map[0] + 1, before + token.map[1]
            yield Fence(name, argument.strip(), token.content, opened, closed, inside)
            if name not in NOT_PROSE:
                yield from fences(token.content, opened, (*inside, name))


def lines(text: str) -> list[Line]:
    """Return the lines of a chapter, each with the fences around it."""
    found = [Line(number, line) for number, line in enumerate(text.splitlines(), start=1)]
    for fence in fences(text):
        for index in range(fence.opened, fence.closed):
            found[index] = replace(found[index], inside=(*fence.inside, fence.name))
        found[fence.opened - 1] = replace(found[fence.opened - 1], mark=True, opens=fence)
        found[fence.closed - 1] = replace(found[fence.closed - 1], mark=True)
    return found


def cells(text: str) -> list[Cell]:
    """Return the code cells of a chapter in the order in which they run."""
    return [cell(fence) for fence in fences(text) if fence.name == CELL and not fence.inside]


def cell(fence: Fence) -> Cell:
    """Return the code cell in a fence, without its options and the empty lines before its code."""
    parts = parse_directive_text(_CodeCell, "", fence.content, validate_options=False)
    body = "\n".join(parts.body)
    code = body.lstrip("\n")
    line = fence.opened + 1 + parts.body_offset + len(body) - len(code)
    return Cell(line, code, frozenset(parts.options.get("tags") or ()))


def front_matter(text: str) -> dict[str, Any]:
    """Return the front matter of a chapter, empty if there is none."""
    first = next(fences(text), None)
    return yaml.safe_load(first.content) if first and first.name == FRONT else {}
