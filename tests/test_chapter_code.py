"""The code of the chapters: a reader who sees the visible cells sees where each name comes from."""

import ast
import builtins
import importlib
import inspect
import re
import symtable
from collections.abc import Iterator

import pytest

from fmnist.book.sphinxext import chapter_text
from fmnist.course import PHASES, ROOT

HIDDEN = {"remove-cell", "remove-input"}  # code that is on no page; "hide-..." is there to unfold


def bound(table: symtable.SymbolTable) -> set[str]:
    """Return the names that a cell defines for the cells after it."""
    symbols = table.get_symbols()
    return {each.get_name() for each in symbols if each.is_assigned() or each.is_imported()}


def used(table: symtable.SymbolTable) -> set[str]:
    """Return the names that a cell takes from the notebook, also within its functions."""
    at_the_top = table.get_type() == "module"
    names = {
        each.get_name()
        for each in table.get_symbols()
        if each.is_referenced() and (at_the_top or each.is_global())
    }
    return names.union(*map(used, table.get_children()))


def unexplained(text: str) -> Iterator[tuple[int, str]]:
    """Yield line and name where a visible cell uses what a hidden cell defined last."""
    visible: dict[str, bool] = {}
    for cell in chapter_text.cells(text):
        table = symtable.symtable(cell.source, "cell", "exec")
        seen = not HIDDEN & cell.tags
        if seen:
            visible |= dict.fromkeys(bound(table), True)
            for name in sorted(used(table) - {*dir(builtins)}):
                if not visible.get(name):
                    yield cell.line, name
        else:
            visible |= dict.fromkeys(bound(table), False)


@pytest.mark.parametrize("page", [*PHASES, "index"])
def test_what_a_visible_cell_uses_a_visible_cell_defines(page):
    """Nobody has to guess what a name stands for, or that a hidden cell gave it another value."""
    assert list(unexplained((ROOT / "book" / f"{page}.md").read_text("utf-8"))) == []


def cell(source: str, tag: str = "") -> str:
    """Return a cell of a chapter."""
    tags = f":tags: [{tag}]\n" if tag else ""
    return f"```{{code-cell}} ipython3\n{tags}{source}\n```\n"


@pytest.mark.parametrize(
    ("text", "names"),
    [
        pytest.param(cell("a = 1") + cell("print(a)"), [], id="seen"),
        pytest.param(cell("a = 1", "remove-cell") + cell("print(a)"), ["a"], id="hidden"),
        pytest.param(cell("import a", "remove-input") + cell("a.b()"), ["a"], id="imported"),
        pytest.param(cell("a = 1", "hide-cell") + cell("print(a)"), [], id="folded"),
        pytest.param(
            cell("a = 1") + cell("a = 2", "remove-cell") + cell("print(a)"), ["a"], id="changed"
        ),
        pytest.param(
            cell("def f(): pass", "remove-cell") + cell("def g(x):\n    return f(x)"),
            ["f"],
            id="in a function",
        ),
        pytest.param(
            cell("a = 1", "remove-cell") + cell("def g(a):\n    return [b for b in a]\n"),
            [],
            id="an argument",
        ),
    ],
)
def test_a_name_that_only_a_hidden_cell_explains_is_found(text, names):
    """The check above can fail, and lets pass what stands on the page."""
    assert [name for _, name in unexplained(text)] == names


# --- names of the package in the text ---

FILES = ("csv", "html", "json", "md", "py", "toml", "xml")  # `feedback.html` is no name
NAME = re.compile(r"`(?:fmnist\.)?([a-z_]+(?:\.\w+)+)(?:\(.*?\))?`")
TEXTS = [*sorted((ROOT / "book").glob("*.md")), *sorted((ROOT / "exercises").glob("*/*.md"))]


def ours(text: str) -> set[str]:
    """Return the dotted names in a text that begin with a module or a room of the package."""
    files = list((ROOT / "fmnist").rglob("*.py"))
    known = {path.stem for path in files} | {path.parent.name for path in files}
    for cell in chapter_text.cells(text):  # an array may be called as a module is
        table = symtable.symtable(cell.source, "cell", "exec")
        known -= {each.get_name() for each in table.get_symbols() if each.is_assigned()}
    names = {name for name in NAME.findall(text) if name.partition(".")[0] in known}
    return {name for name in names if name.rpartition(".")[2] not in FILES}


def is_defined(name: str) -> bool:
    """Return whether one of our modules has what a text names, by its path or its last name."""
    *module, thing = name.split(".")
    for tail in (f"{'/'.join(module)}.py", f"{'/'.join(module)}/__init__.py"):
        for path in (ROOT / "fmnist").rglob(tail.rpartition("/")[2]):
            if path.as_posix().endswith(f"/{tail}"):
                table = symtable.symtable(path.read_text("utf-8"), str(path), "exec")
                if thing in bound(table):
                    return True
    tail = f"/{'/'.join([*module, thing])}"
    return any(
        path.with_suffix("").as_posix().endswith(tail) for path in (ROOT / "fmnist").rglob("*.py")
    )


@pytest.mark.parametrize("path", TEXTS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_what_a_text_names_of_the_package_is_there(path):
    """A reader who looks for it finds it."""
    assert [name for name in sorted(ours(path.read_text("utf-8"))) if not is_defined(name)] == []


def test_a_name_that_moved_is_found():
    """The check above can fail, and knows functions and modules, with the package before or not."""
    text = "`fmnist.data.splits.subset`, `splits.subset(train, 9)`, `data.train_and_validation`"
    assert ours(text) == {"data.splits.subset", "splits.subset", "data.train_and_validation"}
    assert is_defined("splits.subset")
    assert is_defined("data.splits")
    assert is_defined("plots.captioned")
    assert not is_defined("data.train_and_validation")
    assert not is_defined("splits.nothing")


# --- what the cells ask of the package is there ---


def asked(text: str) -> Iterator[tuple[int, str]]:
    """Yield line and fault where a chapter asks the package for what it does not have.

    A name that a module lacks, a call that a function does not take, a key that a register of
    recipes does not hold: a cell would raise, and a build would find out only when it runs.
    """
    modules: dict[str, object] = {}
    for each in chapter_text.cells(text):
        tree = ast.parse(each.source)
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("fmnist"):
                for alias in node.names:
                    try:
                        modules[alias.asname or alias.name] = taken(node.module or "", alias.name)
                    except (ImportError, AttributeError) as error:
                        yield each.line, str(error)
        for node in ast.walk(tree):
            yield from ((each.line, fault) for fault in faults(node, modules))


def taken(module: str, name: str) -> object:
    """Return what ``from module import name`` gives."""
    package = importlib.import_module(module)
    return getattr(package, name, None) or importlib.import_module(f"{module}.{name}")


def faults(node: ast.AST, modules: dict[str, object]) -> Iterator[str]:
    """Yield what is wrong with one expression."""
    if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
        if inspect.ismodule(modules.get(node.value.id)) and held(node, modules) is MISSING:
            yield f"there is no {ast.unparse(node)}"
    elif isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Constant):
        register = held(node.value, modules)
        if isinstance(register, dict) and node.slice.value not in register:
            yield f"there is no {ast.unparse(node)}"
    elif isinstance(node, ast.Call) and inspect.isroutine(called := held(node.func, modules)):
        starred = any(isinstance(one, ast.Starred) for one in node.args)
        if not starred and all(word.arg for word in node.keywords):
            words = {word.arg or "": None for word in node.keywords}
            try:
                inspect.signature(called).bind(*node.args, **words)
            except TypeError as error:
                yield f"{ast.unparse(node.func)}: {error}"


MISSING = object()


def held(node: ast.AST, modules: dict[str, object]) -> object:
    """Return what an expression such as ``recipes.FULL`` stands for, if it is of the package."""
    if isinstance(node, ast.Name):
        return modules.get(node.id)
    if isinstance(node, ast.Attribute) and inspect.ismodule(owner := held(node.value, modules)):
        try:
            return getattr(owner, node.attr, MISSING)
        except ImportError:
            return MISSING
    return None


@pytest.mark.parametrize("page", [*PHASES, "index"])
def test_what_the_cells_ask_of_the_package_is_there(page):
    """A change of the package that a chapter was not told of is found before anything is built."""
    assert list(asked((ROOT / "book" / f"{page}.md").read_text("utf-8"))) == []


@pytest.mark.parametrize(
    ("source", "fault"),
    [
        ("from fmnist.data import splits\nsplits.subset(1, 2)\nsplits.CLASS_NAMES", ""),
        ("from fmnist.data import splits\nsplits.subset(1, 2, 3)", "too many positional"),
        ("from fmnist.data import splits\nsplits.subset(1, count=2)", "missing a required"),
        ("from fmnist.data import splits\nsplits.nonsense", "there is no splits.nonsense"),
        ("from fmnist.data import nonsense", "No module named 'fmnist.data.nonsense'"),
        ("from fmnist.training import recipes\nrecipes.FULL['x']", "there is no recipes.FULL"),
        ("from fmnist.training import recipes\nrecipes.FULL['mlp'].epochs", ""),
    ],
)
def test_a_chapter_that_was_left_behind_is_found(source, fault):
    """Each kind of fault, and what is none."""
    found = [told for _, told in asked(cell(source))]
    assert len(found) == bool(fault)
    assert all(fault in told for told in found)
