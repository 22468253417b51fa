"""Notebooks for students, made from the chapters: code without outputs, and exercise cells.

What only the book's pages understand becomes plain Markdown, so that a notebook reads well in any
editor. Numbers that the book takes from its own run are left open: whoever runs the notebook
computes them.
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from fmnist import course
from fmnist.book import literature
from fmnist.book.sphinxext import chapter_text
from fmnist.exercises import catalog, workspace
from fmnist.exercises.catalog import Exercise
from fmnist.tools import keeping, templates

BOOK = course.ROOT / "book"
ROLE = re.compile(r"\{(?P<role>[\w:-]+)\}`(?P<text>[^`<]*?)(?:\s*<(?P<target>[^>`]*)>)?`")
TITLED = ("admonition", "dropdown")
BOXES = (*TITLED, "caution", "hint", "important", "note", "tip", "warning")
OPTION = re.compile(r"\s*:[\w-]+:")
LABEL = re.compile(r"^\([\w-]+\)=$")


def notebook(phase: str, *, install: str = "", site: str = "") -> nbformat.NotebookNode:
    """Return the notebook of a chapter.

    Args:
        phase: one of `course.PHASES`.
        install: what pip is to install on a machine without the course; empty: nothing.
        site: address of the book on the web, see `reading.site`; empty: nobody knows.
    """
    introduction = templates.filled("book/templates/notebook_introduction.md.jinja")
    # What a build tells the kernel of a chapter, as far as a reader would miss it.
    setup = templates.filled("book/templates/notebook_setup.py.jinja", phase=phase, site=site)
    cells = [new_markdown_cell(introduction.rstrip())]
    if site:
        chapter = templates.filled("book/templates/notebook_site.md.jinja", phase=phase, site=site)
        cells.append(new_markdown_cell(chapter.rstrip()))
    if install:
        cells.append(new_code_cell(f'%pip install --quiet "{install}"'))
    hidden = {"jupyter": {"source_hidden": True}}
    cells.append(new_code_cell(setup.rstrip(), metadata=hidden))
    cells += _cells((BOOK / f"{phase}.md").read_text("utf-8"), phase)
    return of_cells(cells)


def of_cells(cells: list[nbformat.NotebookNode]) -> nbformat.NotebookNode:
    """Return a notebook of these cells, which are numbered: nbformat's own ids are random."""
    for number, cell in enumerate(cells):
        cell["id"] = f"cell-{number}"
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    return new_notebook(cells=cells, metadata={"kernelspec": kernel})


def heading(exercise: Exercise) -> str:
    """Return what stands above an exercise in a notebook, in Markdown."""
    return (
        f"### Exercise {exercise.number}: {exercise.title}\n\n"
        f"{exercise.points} points, about {exercise.minutes} minutes."
    )


def write_all(
    folder: Path, *, install: str = "", site: str = ""
) -> Iterator[tuple[Path, Path | None]]:
    """Write the notebooks of all chapters into a folder.

    Yields:
        the path of each; and where one is kept that was there and is another, such as one in which
        somebody has worked.

    Raises:
        OSError: the folder cannot be written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for phase in course.PHASES:
        path = folder / f"{phase}.ipynb"
        content = nbformat.writes(notebook(phase, install=install, site=site)).encode() + b"\n"
        kept = None
        if path.is_file() and path.read_bytes() != content:
            kept = workspace.put_aside(path)
        keeping.write_whole(path, content, mode=workspace.READABLE)
        yield path, kept


def _cells(text: str, phase: str) -> Iterator[nbformat.NotebookNode]:
    """Yield the cells of a chapter: lines of prose that follow one another are one cell."""
    prose: list[str] = []
    for part in [*_parts(text, phase), None]:
        if isinstance(part, str):
            prose.append(part)
            continue
        if told := "\n".join(prose).strip():
            yield new_markdown_cell(told)
        prose.clear()
        if part:
            yield part


def _parts(text: str, phase: str) -> Iterator[str | nbformat.NotebookNode]:
    """Yield what a chapter becomes: lines of prose, and cells with code."""
    for line in chapter_text.lines(text):
        fence = line.opens
        if fence and fence.name == chapter_text.CELL:
            cell = chapter_text.cell(fence)
            hidden = {"jupyter": {"source_hidden": True}} if "remove-cell" in cell.tags else {}
            yield new_code_cell(cell.source, metadata=hidden)
        elif fence and fence.name == "graded-exercise":
            yield from _exercise(catalog.find(fence.argument))
        elif fence:
            yield from _directive(fence.name, fence.argument, phase)
        elif not line.mark and {*line.inside} <= {*BOXES}:
            quoted = "> " * len(line.inside)
            option = line.inside and OPTION.match(line.text)
            if not option and not LABEL.match(line.text):
                yield f"{quoted}{_plain(line.text)}".rstrip()


def _directive(name: str, argument: str, phase: str) -> list[str]:
    """Return what stands for a directive of the book."""
    if name == "objectives":
        texts = [one.text for one in catalog.read().objectives if one.phase == phase]
        return ["After this phase you can", "", *(f"- {_plain(text)}" for text in texts), ""]
    if name == "project":
        project = next(one for one in catalog.read().projects if one.phase == phase)
        return [f"**{project.title}**", "", _plain(project.task.read_text("utf-8"))]
    if name in BOXES:
        title = _plain(argument) if name in TITLED else name.capitalize()
        return ["", f"> **{title}**", ">"]
    if name == "literalinclude":
        return [f"*(Look at `{argument.removeprefix('../')}`.)*"]
    return []


def _plain(text: str) -> str:
    """Return text with the book's roles replaced by words."""
    return ROLE.sub(_words, text)


def _words(match: re.Match[str]) -> str:
    role, text = match["role"], match["text"].strip()
    if role == "claim":
        return ""
    if role in ("glue:text", "either"):
        return "**…**"
    if role == "literature":
        return literature.get(text).text
    if role.startswith("cite"):
        return f"[{text}]"
    if role == "numref":
        return "the figure"
    return text


def _exercise(exercise: Exercise) -> list[nbformat.NotebookNode]:
    """Return the cells of an exercise: the task, the stub, the check."""
    stub = exercise.stub.read_text("utf-8")
    tree = ast.parse(stub)
    code = "".join(stub.splitlines(keepends=True)[tree.body[0].end_lineno :]).strip()
    check = f"from fmnist.exercises import check\n\ncheck({exercise.name})"
    return [
        new_markdown_cell(f"{heading(exercise)} Complete the function."),
        *(new_code_cell(source, metadata={"tags": ["exercise"]}) for source in (code, check)),
    ]
