"""The text of a chapter, read as far as the build needs it: fences, code cells, front matter."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import yaml

FENCE = re.compile(r"\s*(?P<mark>`{3,}|:{3,})\s*(?P<info>.*?)\s*$")
DIRECTIVE = re.compile(r"\{(?P<name>[\w:-]+)\}")
OPTION = re.compile(r"\s*:(?P<key>[\w-]+):(?P<value>.*)")
# What stands in these is not Markdown; what stands in any other directive is.
NOT_PROSE = {
    *("code", "code-block", "code-cell", "literalinclude", "parsed-literal", "raw", "raw-cell"),
    *("math", "eval-rst", "include", "image", "toctree", "csv-table", "bibliography"),
    *("graded-exercise", "button-ref"),
}
FRONT = "front matter"


@dataclass(frozen=True)
class Line:
    """One line of a chapter.

    Attributes:
        number: from 1.
        text: of the line.
        inside: names of the fences around it, the outermost first; `FRONT` in the front matter.
        mark: whether it opens or closes a fence or the front matter.
    """

    number: int
    text: str
    inside: tuple[str, ...]
    mark: bool = False

    @property
    def is_prose(self) -> bool:
        """Whether a reader sees the line as text, in the page or in a box of it."""
        return not self.mark and not {FRONT, *NOT_PROSE} & {*self.inside}


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


def lines(text: str) -> Iterator[Line]:
    """Yield the lines of a chapter, each with the fences around it."""
    fences: list[tuple[str, str]] = []  # mark and name
    for number, line in enumerate(text.splitlines(), start=1):
        inside = tuple(name for _, name in fences)
        if line.rstrip() == "---" and (number == 1 or inside == (FRONT,)):
            fences = [] if inside else [("---", FRONT)]
            yield Line(number, line, inside, mark=True)
            continue
        fence = FENCE.match(line)
        closing = fences and fence and not fence["info"] and fence["mark"].startswith(fences[-1][0])
        within_prose = not {FRONT, *NOT_PROSE} & {*inside}
        if closing:
            fences.pop()
            yield Line(number, line, inside, mark=True)
        elif fence and within_prose:
            directive = DIRECTIVE.match(fence["info"])
            fences.append((fence["mark"], directive["name"] if directive else "code"))
            yield Line(number, line, inside, mark=True)
        else:
            yield Line(number, line, inside)


def cells(text: str) -> list[Cell]:
    """Return the code cells of a chapter in the order in which they run."""
    found, block = [], []
    for line in lines(text):
        if line.inside == ("code-cell",) and not line.mark:
            block.append(line)
        elif line.inside == ("code-cell",):
            found.append(_cell(block, line.number))
            block = []
    return found


def _cell(block: list[Line], end: int) -> Cell:
    """Return a cell without its options: lines `:key: value`, or YAML between lines of dashes."""
    texts = [line.text for line in block]
    if texts and texts[0].strip() == "---":
        start = next((i + 1 for i, text in enumerate(texts) if i and text.strip() == "---"), 0)
        options = yaml.safe_load("\n".join(texts[1 : start - 1])) or {}
    else:
        start = next((i for i, text in enumerate(texts) if not OPTION.match(text)), len(texts))
        pairs = (OPTION.match(text) for text in texts[:start])
        options = {pair["key"]: yaml.safe_load(pair["value"]) for pair in pairs if pair}
    while start < len(texts) and not texts[start].strip():
        start += 1
    line = block[start].number if start < len(block) else end
    return Cell(line, "\n".join(texts[start:]), frozenset(options.get("tags") or ()))


def front_matter(text: str) -> dict[str, Any]:
    """Return the front matter of a chapter, empty if there is none."""
    front = [line.text for line in lines(text) if line.inside == (FRONT,) and not line.mark]
    return yaml.safe_load("\n".join(front)) or {}
