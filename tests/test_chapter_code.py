"""The code of the chapters: a reader who sees the visible cells sees where each name comes from."""

import builtins
import symtable
from collections.abc import Iterator

import pytest

from fmnist.book.sphinxext import chapter_text
from fmnist.course import PHASES, ROOT

HIDDEN = {"remove-cell", "remove-input"}  # code that is on no page; "hide-..." is there to unfold


def bound(table: symtable.SymbolTable) -> set[str]:
    """Return the names that a cell defines for the cells after it."""
    return {each.get_name() for each in table.get_symbols() if each.is_assigned()} | {
        each.get_name() for each in table.get_symbols() if each.is_imported()
    }


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
