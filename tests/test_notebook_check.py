"""Checks in a notebook: what a student sees below a cell."""

import html
import json
import re
from html.parser import HTMLParser

import IPython
import numpy as np
import pytest

from counted import first_fault, public_checks
from fmnist.exercises import catalog, check, notebook
from fmnist.exercises.feedback import Feedback
from fmnist.exercises.notebook import Report
from fmnist.exercises.verdicts import Verdict
from fmnist.grading.hand_ins import notebook_answers

EXERCISE = catalog.find("class_counts")
PUBLIC = public_checks("class_counts")
PASSED = f"class_counts: all {PUBLIC} public checks passed"
WORTH = (
    f"They are worth {EXERCISE.points / 5:g} of {EXERCISE.points} points; "
    "hidden ones test the same ideas on other inputs."
)


def class_counts(labels, classes=10):
    """Answer rightly."""
    return [*map(list(labels).count, range(classes))]


def confusion_matrix(labels, predictions, classes=10):
    """Answer with a table of the right size and kind."""
    return [[255] * classes for _ in range(classes)]


def returning(value):
    """Return an answer to class_counts that always gives the same."""

    def answer(labels, classes=10):
        return value

    answer.__name__ = "class_counts"
    return answer


def report(message: str = "wrong", values=None) -> Report:
    """Return a report of one check that failed."""
    verdict = Verdict(EXERCISE.name, "test_it", False, "failed", "wrong", message)
    return Report(Feedback(EXERCISE, (verdict,)), values)


def parsed(page: str) -> list[str]:
    """Return the tags of a piece of HTML in their order; every one of them is closed."""
    tags, open_ = [], []

    class Reader(HTMLParser):
        def handle_starttag(self, tag, _):
            tags.append(tag)
            open_.append(tag)

        def handle_endtag(self, tag):
            assert open_.pop() == tag

    Reader().feed(page)
    assert open_ == []
    return tags


def test_a_right_answer_is_praised():
    """In words and in green."""
    shown = check(class_counts)
    assert repr(shown) == f"{PASSED}\n{WORTH}"
    assert f"<strong>{PASSED}</strong>" in shown._repr_html_()
    assert "#009E73" in shown._repr_html_()
    assert parsed(shown._repr_html_()) == ["div", "strong", "div"]


def test_a_wrong_answer_is_explained():
    """Score, call, what came back, what was expected, the idea, and where to read."""
    shown = check(returning([1, 2]))
    text = repr(shown)
    fault = first_fault(EXERCISE, returning([1, 2])).splitlines()
    assert len(fault) == 4
    assert fault[1].startswith("  came back: [1, 2]")
    assert text.splitlines()[:6] == [
        f"class_counts: 0 of {PUBLIC} public checks passed",
        "",
        *fault,
    ]
    address = rf"\S*{EXERCISE.phase}\.html#{EXERCISE.read}.*"
    words = "in the book, phase 1, section \u201c.+\u201d"  # where no book is built
    assert re.fullmatch(f"Read: ({address}|{words})", text.splitlines()[-1])
    page = shown._repr_html_()
    assert "#D55E00" in page
    for line in text.splitlines():
        assert html.escape(line.strip()) in page
    assert parsed(page) == ["div", "strong", "pre"]


@pytest.mark.parametrize(
    ("body", "message"),
    [
        pytest.param("1 / 0", "ZeroDivisionError: ", id="raises"),
        pytest.param("exit()", "it calls exit(), which ends", id="exits"),
        pytest.param("input()", "it calls input(), and nobody is there to type", id="input"),
        pytest.param("object()", "returned an object of type object", id="object"),
        pytest.param("class_counts()", "missing 1 required positional argument", id="own call"),
    ],
)
def test_an_answer_that_cannot_be_judged_is_explained(body, message):
    """The notebook goes on, and there is a sentence instead of a traceback."""
    cell: dict = {"__name__": "__main__"}
    exec(f"def class_counts(labels, classes=10):\n    return {body}\n", cell)  # noqa: S102
    text = repr(check(cell["class_counts"]))
    assert message in text
    assert "Traceback" not in text


def test_what_came_back_is_no_html():
    """An answer cannot write into the page, and an expectation with a < is shown as it is."""
    page = check(returning(["<script>alert(1)</script>", "&amp;"]))._repr_html_()
    assert "<script" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "&amp;amp;" in page
    assert "a &lt; b &amp; &quot;c&quot;" in report('a < b & "c"')._repr_html_()


def test_both_tables_are_drawn():
    """A wrong image stands beside the right one, each with words for who cannot see it."""
    page = check(confusion_matrix)._repr_html_()
    labels = re.findall(r"<svg role='img' aria-label='(.*?)'", page)
    assert [label.partition(":")[0] for label in labels] == ["came back", "expected"]
    tags = parsed(page)
    assert tags.count("svg") == tags.count("figcaption") == 2
    assert tags.count("rect") == tags.count("title") >= 8


def test_a_picture_shows_every_number():
    """The largest is black, the smallest white, on one scale for both."""
    page = report(values=([[0, 5], [10, 0], [2.5, 0]], np.array([[0, 20], [0, 0], [0, 0]])))
    page = page._repr_html_()
    assert "aria-label='came back: 3 rows of 2 numbers'" in page
    squares = re.findall(
        r"<rect x='(\d)' y='(\d)' .*?fill='rgb\((\d+),.*?<title>(.*?)</title>", page
    )
    assert len(squares) == 12
    assert squares[2] == ("0", "1", "127", "row 1, column 0: 10")
    assert squares[4] == ("0", "2", "223", "row 2, column 0: 2.5")
    assert squares[7] == ("1", "0", "0", "row 0, column 1: 20")
    assert squares[-1] == ("1", "2", "255", "row 2, column 1: 0")


def table(rows: int, columns: int, value: object = 1) -> list[list]:
    """Return a table whose numbers are all the same."""
    return [[value] * columns for _ in range(rows)]


@pytest.mark.parametrize("sides", [(2, 2), (2, 32), (32, 2), (32, 32), (28, 28)])
@pytest.mark.parametrize("make", [table, lambda *sides: np.zeros(sides, np.uint8)])
def test_tables_of_2_to_32_a_side_are_drawn(sides, make):
    """Of lists and of arrays, also if all their numbers are equal."""
    page = report(values=(make(*sides), make(*sides)))._repr_html_()
    assert page.count("<svg") == 2
    assert page.count("<rect") == 2 * sides[0] * sides[1]


@pytest.mark.parametrize(
    "value",
    [
        pytest.param(None, id="nothing"),
        pytest.param(3, id="a number"),
        pytest.param("ab", id="text"),
        pytest.param(["ab", "cd"], id="texts"),
        pytest.param([1, 2], id="a list"),
        pytest.param([], id="empty"),
        pytest.param([[], []], id="empty rows"),
        pytest.param(table(1, 2), id="one row"),
        pytest.param(table(2, 1), id="one column"),
        pytest.param(table(33, 2), id="too high"),
        pytest.param(table(2, 33), id="too wide"),
        pytest.param([[1, 2], [3]], id="ragged"),
        pytest.param([[1, 2], 3], id="half a table"),
        pytest.param(table(2, 2, True), id="truth values"),
        pytest.param(table(2, 2, "<b>"), id="words"),
        pytest.param(table(2, 2, float("nan")), id="no numbers"),
        pytest.param(table(2, 2, float("inf")), id="infinite"),
        pytest.param(table(2, 2, 10**400), id="huge"),
        pytest.param(np.zeros((2, 2, 2)), id="three axes"),
        pytest.param(np.array(3.0), id="no axis"),
        pytest.param(np.array([["a", "b"], ["c", "d"]]), id="array of texts"),
    ],
)
def test_nothing_else_is_drawn(value):
    """Whichever of both values it is, and the report is shown all the same."""
    for values in ((value, table(2, 2)), (table(2, 2), value), (value, value)):
        page = report(values=values)._repr_html_()
        assert parsed(page) == ["div", "strong", "pre"]
    assert parsed(report(values=None)._repr_html_()) == ["div", "strong", "pre"]


def test_a_function_of_another_name_is_asked_for_its_name():
    """Near names are told first."""

    def class_count(labels):
        return []

    with pytest.raises(catalog.CatalogError, match=r"no exercise 'class_count'. Choose one of: "):
        check(class_count)


@pytest.mark.parametrize("given", ["class_counts", [1, 0, 2, 0], None])
def test_what_is_no_function_is_refused_in_a_sentence(given):
    """A name in quotes, or what the function returned."""
    with pytest.raises(catalog.CatalogError) as caught:
        check(given)
    assert str(caught.value).startswith("check takes a function, as in check(class_counts); ")
    assert repr(given) in str(caught.value)


def test_a_check_in_a_notebook_leaves_nothing_behind(capsys):
    """Neither pytest's own report nor output of its own stands above the result."""
    notebook.check(class_counts)
    assert capsys.readouterr() == ("", "")


# --- in a kernel ---


def test_a_student_works_in_a_notebook(tmp_path):
    """The stub is not started, then it is solved; each check says so, and shows it as HTML."""
    pytest.importorskip("nbclient")
    import nbformat
    from nbclient import NotebookClient
    from nbformat.v4 import new_code_cell, new_notebook

    stub = EXERCISE.stub.read_text("utf-8").partition('"""\n\n\n')[2]
    answer = EXERCISE.reference.read_text("utf-8").partition('"""\n\n\n')[2]
    check_cell = "from fmnist.exercises import check\n\ncheck(class_counts)"
    wrong = "def class_counts(labels, classes=10):\n    print('hello')\n    return 1 / 0"
    cells = [stub, check_cell, wrong, check_cell, answer, check_cell]
    book = new_notebook(cells=[new_code_cell(cell) for cell in cells])
    nbformat.validate(book)
    NotebookClient(book, timeout=120, resources={"metadata": {"path": tmp_path}}).execute()
    shown = [
        next(one for one in cell.outputs if one.output_type == "execute_result")["data"]
        for cell in book.cells[1::2]
    ]
    assert shown[0]["text/plain"].startswith(
        f"class_counts: 0 of {PUBLIC} public checks passed\n\nclass_counts is not started: "
    )
    assert "ZeroDivisionError: division by zero (line 3: return 1 / 0)" in shown[1]["text/plain"]
    assert shown[2]["text/plain"] == f"{PASSED}\n{WORTH}"
    assert all(one["text/html"].startswith("<div ") for one in shown)
    printed = [one for cell in book.cells[0::2] for one in cell.outputs]
    assert printed == []


# --- what is handed in ---

BODY = "def class_counts(labels, classes=10):\n    "
RIGHT = f"{BODY}return [*map(list(labels).count, range(classes))]"
USES = f"{BODY}found = zeros(classes)\n    for one in labels: found[one] += 1\n    return found"
ZEROS = "def zeros(n):\n    return [0] * n"
CHECK = "from fmnist.exercises import check\nreport = check(class_counts)"


@pytest.fixture(name="run")
def _run(tmp_path):
    """Run cells in a kernel of their own, and return what the last check said."""
    from IPython.core.interactiveshell import InteractiveShell
    from traitlets.config import Config

    config = Config()
    config.HistoryManager.hist_file = ":memory:"
    shell = InteractiveShell.instance(config=config)
    assert IPython.get_ipython() is shell

    def run(*cells: str) -> str:
        for cell in cells:
            shell.run_cell(cell, store_history=True).raise_error()
        return repr(shell.user_ns["report"])

    yield run
    shell.history_manager.end_session()
    InteractiveShell.clear_instance()


@pytest.mark.parametrize(
    "cells",
    [
        pytest.param([RIGHT], id="one cell"),
        pytest.param([ZEROS, USES], id="a helper"),
        pytest.param([USES, ZEROS], id="a helper below"),
        pytest.param(["%precision 3\nimport math", f"{BODY}m = math.inf\n{USES[38:]}", ZEROS],
                     id="magic and import"),
        pytest.param(["CLASSES = 10", RIGHT.replace("=10", "=CLASSES")], id="a constant"),
        pytest.param([f"{BODY}return wrong", RIGHT], id="the second try"),
    ],
)  # fmt: skip
def test_what_is_praised_in_a_notebook_is_praised_by_the_grader(run, cells):
    """The same cells, handed in, hold an answer that passes."""
    assert run(*cells, CHECK) == f"{PASSED}\n{WORTH}"
    raw = json.dumps({"cells": [{"cell_type": "code", "source": cell} for cell in cells]})
    answers = notebook_answers.read(raw.encode(), "a.ipynb", (EXERCISE,))
    cell: dict = {"__name__": "__main__"}
    exec(answers["class_counts"], cell)  # noqa: S102
    assert repr(check(cell["class_counts"])) == f"{PASSED}\n{WORTH}"


@pytest.mark.parametrize(
    ("cells", "message"),
    [
        pytest.param(["import numpy", f"{BODY}return numpy.bincount(labels, minlength=classes)"
                      "[:classes].tolist()"],
                     "Line 1 imports numpy; this exercise may use only Python's own", id="import"),
        pytest.param([f"for _ in [1]:\n    {ZEROS.replace(chr(10), chr(10) + '    ')}", USES],
                     "the answer uses zeros, which no cell gives by def, = or import", id="loop"),
        pytest.param([f"if True:\n    {RIGHT.replace(chr(10), chr(10) + '    ')}"],
                     "defines class_counts within a statement (if)", id="if"),
        pytest.param([f"exec({RIGHT!r})"], "no cell that was run defines class_counts", id="exec"),
        pytest.param(["T = []", "T.append([0])", f"{BODY}zeros = lambda n: T[0] * n\n{USES[38:]}"],
                     "IndexError: list index out of range", id="changed by a call"),
    ],
)  # fmt: skip
def test_what_the_grader_would_not_praise_is_told_first(run, cells, message):
    """Below the score."""
    text = run(*cells, CHECK)
    would_not = "Handed in as it is, this notebook would not pass: "
    assert text.startswith(f"{PASSED}\n{WORTH}\n\n{would_not}")
    assert message in text


def test_a_lambda_has_no_name_to_be_known_by():
    """The sentence says what to write."""
    with pytest.raises(catalog.CatalogError, match="a lambda has none: write it with def"):
        check(lambda labels: labels)


def test_a_warning_is_shown_in_the_page():
    """As text, and in the colour of what is not right."""
    verdict = Verdict(EXERCISE.name, "test_it", False, "passed", "", "")
    page = Report(Feedback(EXERCISE, (verdict,)), None, "not < this")._repr_html_()
    assert "not &lt; this" in page
    assert "#D55E00" in page
    assert parsed(page) == ["div", "strong", "div", "pre"]
