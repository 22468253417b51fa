"""The answers in a student's notebook, whose other cells are explanations, plots and checks.

The answer of an exercise is the last code cell that defines its function or class. Of that cell
definitions and assignments are kept that the answer uses, in front of them imports that it uses,
also of the cells before. The rest, such as a call on data that a grader does not have, is left out.
Nothing is run.
"""

import ast
import json
import re
import symtable
import warnings
from collections.abc import Iterator
from dataclasses import dataclass, field

from fmnist.answer import faults
from fmnist.answer.source import MAX_SOURCE
from fmnist.exercises.catalog import Exercise
from fmnist.inside import newer_syntax

MAX_NOTEBOOK = 5_000_000  # bytes
MAX_CELL = 2**16  # characters; Python's tree of a cell takes a thousand times as much memory
MAX_CODE = 2**17  # characters in all cells

# By name of the exercise the text of an answer, or why it cannot be used.
Answers = dict[str, str | faults.NotLoaded]
Definition = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef
Assignment = ast.Assign | ast.AnnAssign | ast.AugAssign
DEFINITION = re.compile(r"^(?:async[ \t]+)?(?:def|class)[ \t]+(\w+)", re.MULTILINE)
# Cells that begin so are Python below that line; other cell magics take anything.
PYTHON_MAGICS = re.compile(r"\s*%%(time|timeit|capture|prun)\b.*")
# Magics, shell lines and questions; "% x" in the middle of an expression has a space.
SHELL_LINE = re.compile(r"(?P<indent>\s*)(?:[\w\[\], .]+=\s*)?(?:%%?\w|!|\?).*")
QUESTION = re.compile(r"(?P<indent>\s*)[\w.]+\?{1,2}\s*")


@dataclass(frozen=True)
class Statement:
    """A definition or an assignment.

    Attributes:
        text: of it.
        binds: names that it gives or changes.
        needs: names that it takes from its module.
    """

    text: str
    binds: frozenset[str]
    needs: frozenset[str]


@dataclass(frozen=True)
class Cell:
    """A code cell.

    Attributes:
        number: among all cells, from 1.
        defined: names of functions and classes; where Python cannot read the cell, as it seems.
        statements: definitions and assignments.
        imports: each name that is imported (or "*" and what changes the whole cell), and how.
        wrong: why Python cannot read the cell, in words.
    """

    number: int
    defined: frozenset[str]
    statements: list[Statement] = field(default_factory=list)
    imports: list[tuple[str, str]] = field(default_factory=list)
    wrong: str = ""


def read(raw: bytes, name: str, exercises: tuple[Exercise, ...]) -> Answers:
    """Return the answers in a notebook.

    Args:
        raw: bytes of the notebook.
        name: of its file, for messages.
        exercises: that count; those that no cell defines have no answer.

    Raises:
        NotLoaded: it is no notebook, or too large.
    """
    cells = _cells(raw, name)
    answers: Answers = {}
    for exercise in exercises:
        places = [place for place, cell in enumerate(cells) if exercise.name in cell.defined]
        if places:
            try:
                answers[exercise.name] = _answer(exercise.name, name, cells[: places[-1] + 1])
            except faults.NotLoaded as fault:
                answers[exercise.name] = fault
    return answers


def _cells(raw: bytes, name: str) -> list[Cell]:
    """Return the code cells of a notebook.

    Raises:
        NotLoaded: it is none, or too large.
    """
    if len(raw) > MAX_NOTEBOOK:
        raise faults.NotLoaded(
            f"{name} is larger than {MAX_NOTEBOOK:,} bytes; clear its outputs and hand it in again."
        )
    try:
        document = json.loads(raw.decode("utf-8-sig"))
        cells = [
            (number, "".join(cell["source"]))  # of a text, or of its lines
            for number, cell in enumerate(document["cells"], start=1)
            if cell["cell_type"] == "code"
        ]
    except (ValueError, TypeError, LookupError, RecursionError):
        raise faults.NotLoaded(
            f"{name} is damaged or no notebook of format 4; open it in Jupyter, save it and hand "
            "it in again."
        ) from None
    if sum(len(text) for _, text in cells) > MAX_CODE:
        raise faults.NotLoaded(f"{name} has more than {MAX_CODE:,} characters of code.")
    return [_parsed(number, text) for number, text in cells]


def _parsed(number: int, text: str) -> Cell:
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if len(text) > MAX_CELL:
        return _not_read(number, text, f"it is longer than {MAX_CELL:,} characters")
    cell = _tried(number, text)
    # Magics are looked for only where Python fails: "%" can begin a line of an expression, too.
    return _tried(number, _without_magics(text)) if cell.wrong else cell


def _tried(number: int, text: str) -> Cell:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            body = ast.parse(text).body
            lines = text.split("\n")
            statements = [
                _statement(node, lines)
                for node in body
                if isinstance(node, Definition | Assignment)
            ]
        defined = frozenset(node.name for node in body if isinstance(node, Definition))
        return Cell(number, defined, statements, [pair for node in body for pair in _imports(node)])
    except SyntaxError as error:
        wrong = f"line {error.lineno}: {error.msg}{newer_syntax.told(error)}"
        return _not_read(number, text, wrong)
    except (ValueError, RecursionError, MemoryError) as error:
        return _not_read(number, text, str(error) or "it is nested too deep")


def _not_read(number: int, text: str, wrong: str) -> Cell:
    return Cell(number, frozenset(DEFINITION.findall(text)), wrong=wrong)


def _without_magics(text: str) -> str:
    """Return Python of as many lines; what IPython alone understands is replaced."""
    lines = text.split("\n")
    first = next((line for line in lines if line.strip()), "")
    if first.lstrip().startswith("%%") and not PYTHON_MAGICS.fullmatch(first):
        return ""
    for place, line in enumerate(lines):
        magic = SHELL_LINE.fullmatch(line) or QUESTION.fullmatch(line)
        if magic:
            lines[place] = f"{magic['indent']}pass"
    return "\n".join(lines)


def _statement(node: Definition | Assignment, lines: list[str]) -> Statement:
    text = _segment(lines, node)
    if isinstance(node, Definition):
        return Statement(text, frozenset({node.name}), _global_names(text))
    targets = node.targets if isinstance(node, ast.Assign) else [node.target]
    parts = [part for target in targets for part in ast.walk(target)]
    binds = frozenset(part.id for part in parts if isinstance(part, ast.Name))
    return Statement(text, binds, _global_names(text))


def _segment(lines: list[str], node: ast.stmt) -> str:
    """Return the text of a statement, with its decorators."""
    first = min([node.lineno, *(part.lineno for part in getattr(node, "decorator_list", []))])
    taken = [line.encode("utf-8") for line in lines[first - 1 : node.end_lineno]]
    taken[-1] = taken[-1][: node.end_col_offset]
    if first == node.lineno:  # a decorator begins its line
        taken[0] = taken[0][node.col_offset :]
    return b"\n".join(taken).decode("utf-8")


def _global_names(text: str) -> frozenset[str]:
    """Return the names that a statement takes from its module."""
    names = set()
    top = symtable.symtable(text, "answer", "exec")
    tables = [top]
    while tables:
        table = tables.pop()
        tables += table.get_children()
        names |= {
            symbol.get_name()
            for symbol in table.get_symbols()
            if symbol.is_referenced() and (table is top or symbol.is_global())
        }
    return frozenset(names)


def _imports(node: ast.stmt) -> Iterator[tuple[str, str]]:
    """Yield the names that a statement imports, each with an import of its own."""
    if isinstance(node, ast.Import):
        for alias in node.names:
            bound = alias.asname or alias.name.partition(".")[0]
            yield bound, ast.unparse(ast.Import([alias]))
    elif isinstance(node, ast.ImportFrom):
        for alias in node.names:
            bound = "*" if node.module == "__future__" else alias.asname or alias.name
            yield bound, ast.unparse(ast.ImportFrom(node.module, [alias], node.level))


def _answer(name: str, file: str, cells: list[Cell]) -> str:
    """Return what the last of some cells defines, with what it needs there and earlier imports.

    Raises:
        NotLoaded: Python cannot read the cell, or the answer is too large.
    """
    cell = cells[-1]
    if cell.wrong:
        raise faults.NotLoaded(
            f"{file}: {newer_syntax.HERE} cannot read cell {cell.number}, which defines {name}: "
            f"{cell.wrong}."
        )
    places: dict[str, list[int]] = {}
    for place, statement in enumerate(cell.statements):
        for bound in statement.binds:
            places.setdefault(bound, []).append(place)
    needed, waiting, taken = {name, "*"}, [name], set()
    while waiting:
        for place in places.get(waiting.pop(), []):
            if place not in taken:
                taken.add(place)
                waiting += cell.statements[place].needs - needed
                needed |= cell.statements[place].needs
    imports = [line for before in cells for bound, line in before.imports if bound in needed]
    imports.sort(key=lambda line: not line.startswith("from __future__ "))  # Python wants it so
    rest = [cell.statements[place].text for place in sorted(taken)]
    source = "\n".join([*dict.fromkeys(imports), *rest]) + "\n"
    if len(source.encode("utf-8", "replace")) > MAX_SOURCE:
        raise faults.NotLoaded(
            f"{file}: the answer in cell {cell.number} is larger than {MAX_SOURCE:,} bytes."
        )
    return source
