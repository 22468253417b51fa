"""The answer in the cells of a notebook: what is handed in, and what its check looks at.

The answer of an exercise is the last code cell that defines its function or class. Definitions,
assignments and imports of all cells are taken along as far as the answer needs them, in their
order; each name has the value that it has when the cells are run from the first to the last. The
rest, such as a call on data that a grader does not have, is left out. Nothing is run.
"""

import ast
import builtins
import re
import symtable
import warnings
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from fmnist.answer import faults
from fmnist.answer.source import MAX_SOURCE
from fmnist.inside import newer_syntax

MAX_CELL = 2**16  # characters; Python's tree of a cell takes a thousand times as much memory
MAX_CODE = 2**17  # characters in all cells
MAX_STEPS = 100_000  # of the search for what an answer needs; then it is a little less exact

Definition = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef
Assignment = ast.Assign | ast.AnnAssign | ast.AugAssign
DEFINITION = re.compile(r"^(?:async[ \t]+)?(?:def|class)[ \t]+(\w+)", re.MULTILINE)
# Cells that begin so are Python below that line; other cell magics take anything.
PYTHON_MAGICS = re.compile(r"\s*%%(time|timeit|capture|prun)\b.*")
# Magics, shell lines and questions; "% x" in the middle of an expression has a space.
# Blanks are taken at once: each split of them tried anew takes seconds of a line of blanks.
SHELL_LINE = re.compile(r"(?P<indent>\s*+)(?:[\w\[\], .]++=\s*+)?(?:%%?\w|!|\?).*")
QUESTION = re.compile(r"(?P<indent>\s*+)[\w.]++\?{1,2}\s*")
# What runs at once although it has a scope of its own, as the symbol tables call it.
AT_ONCE = ("listcomp", "setcomp", "dictcomp", "genexpr")
# A notebook's kernel adds to Python's own.
ALWAYS_THERE = frozenset(dir(builtins)) - {"display", "get_ipython"} | {"__name__", "__file__"}


@dataclass(frozen=True)
class Statement:
    """A definition, an assignment or an import at the top of a cell.

    Attributes:
        text: of it.
        binds: names that it gives or changes.
        renews: whether they do not depend on what they were.
        at_once: names of its module that it takes when it is run.
        later: names that it takes when what it defines is called.
    """

    text: str
    binds: frozenset[str]
    renews: bool = True
    at_once: frozenset[str] = frozenset()
    later: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Cell:
    """A code cell.

    Attributes:
        number: among all cells, from 1.
        defined: names of functions and classes; where Python cannot read the cell, as it seems.
        statements: definitions, assignments and imports.
        elsewhere: names that are given in another way, and how, in words.
        checks: names of what it has checked.
        wrong: why Python cannot read the cell, in words.
    """

    number: int
    defined: frozenset[str]
    statements: list[Statement] = field(default_factory=list)
    elsewhere: dict[str, str] = field(default_factory=dict)
    checks: frozenset[str] = frozenset()
    wrong: str = ""


@dataclass(frozen=True)
class Found:
    """An answer.

    Attributes:
        source: text of it, with what it needs.
        unknown: names that it needs and that no cell gives at its top.
    """

    source: str
    unknown: tuple[str, ...]


def read(texts: Iterable[tuple[int, str]]) -> list[Cell]:
    """Return code cells from the number and the text of each."""
    return [_parsed(number, text) for number, text in texts]


def answer(name: str, file: str, cells: Sequence[Cell]) -> Found | None:
    """Return the answer that cells define; None if nothing in them is called so.

    Args:
        name: of the exercise.
        file: name of the notebook, for messages.
        cells: in the order in which they are run.

    Raises:
        NotLoaded: Python cannot read the cell, it gives the name in a way that is none to hand
            in, or the answer is too large.
    """
    places = [place for place, cell in enumerate(cells) if name in cell.defined]
    if not places:
        told = [(cell.number, cell.elsewhere[name]) for cell in cells if name in cell.elsewhere]
        if not told:
            return None
        number, how = told[-1]
        raise faults.NotLoaded(
            f"{file}: cell {number} {how}. Define {name} with def at the left margin of a cell."
        )
    last = places[-1]
    cell = cells[last]
    if cell.wrong:
        raise faults.NotLoaded(
            f"{file}: {newer_syntax.HERE} cannot read cell {cell.number}, which defines {name}: "
            f"{cell.wrong}."
        )
    # What is changed between the answer and its last check is what the check has looked at.
    seen = max([last, *(place for place, one in enumerate(cells) if name in one.checks)])
    search = _Search([statement for one in cells for statement in one.statements])
    start = sum(len(one.statements) for one in cells[:last])
    end = sum(len(one.statements) for one in cells[: seen + 1])
    taken, unknown = search.needed_by(name, start + len(cell.statements), end)
    texts = [search.statements[place].text for place in taken]
    texts.sort(key=lambda text: not text.startswith("from __future__ "))  # Python wants it so
    source = "\n".join(_each_star_once(texts)) + "\n"
    if len(source.encode("utf-8", "replace")) > MAX_SOURCE:
        raise faults.NotLoaded(
            f"{file}: the answer in cell {cell.number} is larger than {MAX_SOURCE:,} bytes."
        )
    return Found(source, unknown)


def _each_star_once(texts: list[str]) -> Iterator[str]:
    seen = set()
    for text in texts:
        if text not in seen:
            yield text
        if text.startswith(("import ", "from ")):
            seen.add(text)


class _Search:
    """Looks for the statements that a name needs."""

    def __init__(self, statements: list[Statement]):
        self.statements = statements
        self._places: dict[str, list[int]] = {}
        for place, statement in enumerate(statements):
            for bound in statement.binds:
                self._places.setdefault(bound, []).append(place)

    def needed_by(self, name: str, before: int, end: int) -> tuple[list[int], tuple[str, ...]]:
        """Return the places of what a name needs, and the needed names that nothing gives.

        Args:
            name: as it stands before a place.
            before: that place.
            end: the place at which what is defined is called.
        """
        stars = [place for place in self._places.get("*", []) if place < end]
        first = self._given(name, before)
        waiting = [(place, end) for place in first]
        taken, done, unknown = {*stars, *first}, set(waiting), set()
        while waiting:
            place, called = waiting.pop()
            statement = self.statements[place]
            exact = len(done) < MAX_STEPS
            wanted = [(need, place, place if exact else end) for need in statement.at_once]
            # What is run at once may call what it needs; whatever else is called later.
            wanted += [(need, called, called) for need in statement.later]
            for need, seen_from, then_called in wanted:
                given = self._given(need, seen_from)
                if not given and need not in ALWAYS_THERE:
                    unknown.add(need)
                taken.update(given)
                fresh = {(one, then_called) for one in given} - done
                done |= fresh
                waiting += fresh
        return sorted(taken), () if stars else tuple(sorted(unknown))

    def _given(self, name: str, before: int) -> list[int]:
        """Return the places that make a name what it is before a place; else the first after."""
        found = []
        places = self._places.get(name, [])
        for place in reversed(places):
            if place < before:
                found.append(place)
                if self.statements[place].renews:
                    break
        return found or places[:1]


# --- what is in a cell ---


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
            statements = [one for node in body for one in _statements(node, lines)]
        defined = {node.name for node in body if isinstance(node, Definition)}
        defined |= {name for node in body for name in _lambdas(node)}
        elsewhere = {name: how for node in body for name, how in _elsewhere(node)}
        checks = {name for node in body for name in _checked(node)}
        return Cell(number, frozenset(defined), statements, elsewhere, frozenset(checks))
    except SyntaxError as error:
        return _not_read(
            number, text, f"line {error.lineno}: {error.msg}{newer_syntax.told(error)}"
        )
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


def _statements(node: ast.stmt, lines: list[str]) -> Iterator[Statement]:
    if isinstance(node, ast.Import):
        for alias in node.names:
            bound = alias.asname or alias.name.partition(".")[0]
            # "import a.b" adds to what "import a.c" gave.
            renews = bool(alias.asname) or "." not in alias.name
            yield Statement(ast.unparse(ast.Import([alias])), frozenset({bound}), renews)
    elif isinstance(node, ast.ImportFrom):
        for alias in node.names:
            bound = "*" if node.module == "__future__" else alias.asname or alias.name
            text = ast.unparse(ast.ImportFrom(node.module, [alias], node.level))
            yield Statement(text, frozenset({bound}))
    elif isinstance(node, Definition):
        text = _segment(lines, node)
        yield Statement(text, frozenset({node.name}), True, *_global_names(text))
    elif isinstance(node, Assignment) and node.value is not None:
        text = _segment(lines, node)
        given, renews = _bound(node)
        at_once, later = _global_names(text)
        yield Statement(text, given, renews, at_once if renews else at_once | given, later)


def _bound(node: Assignment) -> tuple[frozenset[str], bool]:
    """Return the names that an assignment gives or changes, and whether it gives all afresh."""
    targets = node.targets if isinstance(node, ast.Assign) else [node.target]
    names, renews, waiting = set(), not isinstance(node, ast.AugAssign), [*targets]
    while waiting:
        target = waiting.pop()
        if isinstance(target, ast.Name):
            names.add(target.id)
        elif isinstance(target, ast.Tuple | ast.List):
            waiting += target.elts
        elif isinstance(target, ast.Starred | ast.Subscript | ast.Attribute):
            renews = renews and isinstance(target, ast.Starred)
            waiting.append(target.value)
    return frozenset(names), renews


def _segment(lines: list[str], node: ast.stmt) -> str:
    """Return the text of a statement, with its decorators."""
    first = min([node.lineno, *(part.lineno for part in getattr(node, "decorator_list", []))])
    taken = [line.encode("utf-8") for line in lines[first - 1 : node.end_lineno]]
    taken[-1] = taken[-1][: node.end_col_offset]
    if first == node.lineno:  # a decorator begins its line
        taken[0] = taken[0][node.col_offset :]
    return b"\n".join(taken).decode("utf-8")


def _global_names(text: str) -> tuple[frozenset[str], frozenset[str]]:
    """Return the names that a statement takes from its module: at once, and when it is called."""
    at_once: set[str] = set()
    later: set[str] = set()
    top = symtable.symtable(text, "answer", "exec")
    tables = [(top, at_once)]
    while tables:
        table, names = tables.pop()
        for child in table.get_children():
            runs = str(child.get_type()) != "function" or child.get_name() in AT_ONCE
            tables.append((child, names if runs else later))
        names |= {
            symbol.get_name()
            for symbol in table.get_symbols()
            if symbol.is_referenced() and (table is top or symbol.is_global())
        }
    return frozenset(at_once), frozenset(later)


def _lambdas(node: ast.stmt) -> Iterator[str]:
    """Yield the names that a statement gives to a lambda."""
    if isinstance(node, ast.Assign | ast.AnnAssign) and isinstance(node.value, ast.Lambda):
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        yield from (target.id for target in targets if isinstance(target, ast.Name))


def _elsewhere(node: ast.stmt) -> Iterator[tuple[str, str]]:
    """Yield names that a statement gives in a way that is none to hand in, and how."""
    if isinstance(node, Definition):
        return
    if isinstance(node, ast.Assign | ast.AnnAssign) and node.value is not None:
        for name in _bound(node)[0]:
            yield name, f"gives {name} a value by =, which is no answer of its own"
    elif isinstance(node, ast.Import | ast.ImportFrom):
        for alias in node.names:
            name = alias.asname or alias.name
            yield name, f"imports {name}, and what is imported is not handed in"
    elif hasattr(node, "body") or hasattr(node, "cases"):
        kind = type(node).__name__.removeprefix("Async").lower()
        for part in ast.walk(node):
            if isinstance(part, Definition):
                yield part.name, f"defines {part.name} within a statement ({kind})"


def _checked(node: ast.stmt) -> Iterator[str]:
    """Yield the names of what a statement has checked, as in check(class_counts)."""
    for part in ast.walk(node):
        if isinstance(part, ast.Call) and _called(part.func) == "check":
            yield from (argument.id for argument in part.args if isinstance(argument, ast.Name))


def _called(function: ast.expr) -> str:
    return getattr(function, "id", getattr(function, "attr", ""))
