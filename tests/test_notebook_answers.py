"""Answers in notebooks: what is taken from the cells, what is left out, what is told."""

import json
import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fmnist.answer import faults
from fmnist.book import notebooks
from fmnist.exercises import catalog
from fmnist.grading.hand_ins import notebook_answers, submissions
from fmnist.grading.hand_ins.entries import Entry

COUNTS = catalog.find("class_counts")
BOTH = (COUNTS, catalog.find("confusion_matrix"))
DEF = "def class_counts(labels, classes=10):\n    return [0] * classes"


def notebook(*cells: str) -> bytes:
    """Return a notebook of code cells."""
    made = [{"cell_type": "markdown", "source": ["def class_counts(): not code"]}]
    made += [{"cell_type": "code", "source": text.splitlines(keepends=True)} for text in cells]
    return json.dumps({"cells": made, "nbformat": 4}).encode()


def answer(*cells: str) -> str:
    """Return the answer that is found in code cells."""
    answers = notebook_answers.read(notebook(*cells), "a.ipynb", BOTH)
    assert [*answers] == ["class_counts"]
    assert isinstance(answers["class_counts"], str)
    return answers["class_counts"]


def fault(*cells: str) -> str:
    """Return what is told of the answer in code cells."""
    answers = notebook_answers.read(notebook(*cells), "a.ipynb", BOTH)
    assert [*answers] == ["class_counts"]
    assert isinstance(answers["class_counts"], faults.NotLoaded)
    return str(answers["class_counts"])


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        pytest.param([DEF], DEF, id="as it is"),
        pytest.param(["def class_counts(): pass", DEF, "x = 1"], DEF, id="the last cell"),
        pytest.param(["def class_counts(): pass\n\n" + DEF], "def class_counts(): pass\n" + DEF,
                     id="twice in a cell"),
        pytest.param([DEF + "\nclass_counts([1])\nprint(1)\ncheck(class_counts)"], DEF,
                     id="calls are dropped"),
        pytest.param([DEF + "\ncounts = class_counts(train_labels)"], DEF,
                     id="what the answer does not use is dropped"),
        pytest.param(
            ["def class_counts(labels):\n    counts = []\n    return counts\ncounts = f(labels)"],
            "def class_counts(labels):\n    counts = []\n    return counts",
            id="a name that is only local",
        ),
        pytest.param(["N = 10\nM = 9\ndef class_counts(x, n=N):\n    return n"],
                     "N = 10\ndef class_counts(x, n=N):\n    return n", id="a constant"),
        pytest.param(["T = {}\nT['a'] = 1\ndef class_counts(x):\n    return T"],
                     "T = {}\nT['a'] = 1\ndef class_counts(x):\n    return T", id="a table"),
        pytest.param(["def h(): return k()\ndef k(): return 1\ndef class_counts(x): return h()"],
                     "def h(): return k()\ndef k(): return 1\ndef class_counts(x): return h()",
                     id="helpers"),
        pytest.param(["class class_counts:\n    pass"], "class class_counts:\n    pass",
                     id="a class"),
        pytest.param(["import functools\n@functools.cache\n# note\n@other\n" + DEF],
                     "import functools\n@functools.cache\n# note\n@other\n" + DEF,
                     id="decorators"),
        pytest.param(["x = 1; é = 2; " + "class_counts = 3\n" + DEF],
                     "class_counts = 3\n" + DEF, id="several statements on a line"),
        pytest.param(
            ["import numpy as np\nimport os, math", "from m import a as b, c",
             "def class_counts(x):\n    return np.sum(math.pi, b)"],
            "import numpy as np\nimport math\nfrom m import a as b\n"
            "def class_counts(x):\n    return np.sum(math.pi, b)",
            id="imports that are used",
        ),
        pytest.param(["from m import *", DEF], "from m import *\n" + DEF, id="star"),
        pytest.param(["import numpy", "from __future__ import annotations\n" +
                      "def class_counts(x): return numpy"],
                     "from __future__ import annotations\nimport numpy\n"
                     "def class_counts(x): return numpy", id="the future comes first"),
        pytest.param([DEF, "import numpy as labels"], DEF, id="later imports"),
        pytest.param([DEF.replace("\n", "\r\n")], DEF, id="line ends"),
        pytest.param(["%matplotlib inline\n!pip install x\nn = !ls\n?print\nprint?\n" + DEF +
                      "\n%timeit class_counts([])"], DEF, id="magics and shell lines"),
        pytest.param(["%%time\n" + DEF], DEF, id="cell magic of Python"),
        pytest.param(["def class_counts(x):\n    return ('%s'\n            % x)"],
                     "def class_counts(x):\n    return ('%s'\n            % x)",
                     id="a percent sign that is no magic"),
        pytest.param(["def class_counts(x):\n    !ls\n    return 1"],
                     "def class_counts(x):\n    pass\n    return 1", id="shell in a function"),
    ],
)  # fmt: skip
def test_the_answer_is_what_the_last_cell_defines(cells, expected):
    """With what it needs, and nothing that a grader could not run."""
    assert answer(*cells) == expected + "\n"


@pytest.mark.parametrize(
    "cells", [[], ["x = 1"], ["# def class_counts"], ["%%bash\ndef class_counts"], ["class_counts"]]
)
def test_what_no_cell_defines_is_missing(cells):
    """It is in neither result."""
    assert notebook_answers.read(notebook(*cells), "a.ipynb", BOTH) == {}


def test_each_answer_comes_from_its_own_cell():
    """And one cell may define several."""
    cells = [DEF, "def confusion_matrix(a, b): return 1", "a = 1"]
    for found in (notebook(*cells), notebook("\n".join(cells))):
        answers = notebook_answers.read(found, "a.ipynb", BOTH)
        assert answers == {"class_counts": DEF + "\n", "confusion_matrix": cells[1] + "\n"}


@pytest.mark.parametrize("phase", ["phase1_explore", "phase5_evaluate"])
def test_the_courses_own_notebooks_are_read(phase):
    """Every exercise of a chapter is found, as its stub with what it imports."""
    raw = json.dumps(notebooks.notebook(phase)).encode()
    of_phase = tuple(one for one in catalog.load() if one.phase == phase)
    answers = notebook_answers.read(raw, "a.ipynb", of_phase)
    assert {*answers} == {one.name for one in of_phase}
    for one in of_phase:
        compile(answers[one.name], one.name, "exec")
        assert "check" not in answers[one.name].partition("def ")[0]


@pytest.mark.parametrize(
    ("cell", "message"),
    [
        pytest.param("x = 1\ndef class_counts(:", "cell 2.*line 2", id="syntax"),
        pytest.param(DEF + "\n" + "(" * 300, "cell 2", id="parentheses"),
        pytest.param(DEF + "\nx = a" + ".b" * 30_000, "cell 2", id="deep"),
        pytest.param(DEF + "\nx = " + "-" * 60_000 + "1", "cell 2", id="signs"),
        pytest.param(DEF + "\nx = '\ud800'", "cell 2", id="surrogate"),
        pytest.param(DEF + "\n\0", "cell 2", id="zero byte"),
        pytest.param(DEF + "#" * 70_000, "longer than", id="long cell"),
        pytest.param(DEF + "\ndef f():\n    x = 1\n    global x", "global", id="scopes"),
    ],
)
def test_a_cell_that_python_cannot_read_is_told(cell, message):
    """With its number, for the exercise that it seems to define."""
    told = fault(cell)
    assert re.search(message, told)
    assert told.endswith(".")


def test_a_broken_cell_harms_no_other():
    """Only the exercise that it defines."""
    assert answer("def other(:", DEF, "((") == DEF + "\n"


@pytest.mark.parametrize(
    ("raw", "message"),
    [
        pytest.param(b"", "damaged or no notebook", id="empty"),
        pytest.param(b"{", "damaged or no notebook", id="no JSON"),
        pytest.param(b"[" * 100_000, "damaged or no notebook", id="deep"),
        pytest.param(b"\xff\xfe", "damaged or no notebook", id="not UTF-8"),
        pytest.param(b'{"a":' + b"1" * 10_000 + b"}", "damaged or no notebook", id="long number"),
        pytest.param(b"[1]", "damaged or no notebook", id="no object"),
        pytest.param(b'{"cells": [1]}', "damaged or no notebook", id="no cells"),
        pytest.param(b'{"cells": {"a": 1}}', "damaged or no notebook", id="cells that are none"),
        pytest.param(b'{"cells": [{"cell_type": "code", "source": [1]}]}', "damaged", id="no text"),
        pytest.param(b'{"worksheets": []}', "format 4", id="old"),
        pytest.param(b" " * (notebook_answers.MAX_NOTEBOOK + 1), "larger than", id="large"),
        pytest.param(notebook(*["#" * 60_000] * 3), "characters of code", id="much code"),
    ],
)
def test_a_notebook_that_cannot_be_read_is_told_for_every_exercise(tmp_path, raw, message):
    """In one sentence that names the file."""
    path = tmp_path / "a.ipynb"
    path.write_bytes(raw)
    submission = submissions.read(Entry("ada", (path,)), BOTH)
    assert submission.sources == {}
    assert [*submission.unreadable] == [one.name for one in BOTH]
    (told,) = {str(fault) for fault in submission.unreadable.values()}
    assert message in told
    assert "a.ipynb" in told


@pytest.mark.parametrize(
    "cell",
    [
        pytest.param(DEF + "\n" + "a=1;" * 15_000, id="statements on one line"),
        pytest.param(
            "\n".join(f"a{n} = a{n + 1}" for n in range(4000)) + f"\nclass_counts = a0\n{DEF}",
            id="a long chain",
        ),
        pytest.param(DEF + "\nx = [" + "1," * 30_000 + "]", id="a long list"),
        pytest.param(DEF + "\n" + "from m import *\n" * 3500, id="many imports"),
    ],
)
def test_no_notebook_takes_long(cell):
    """For as many exercises as there are."""
    started = time.perf_counter()
    answers = notebook_answers.read(notebook(cell), "a.ipynb", catalog.load())
    assert isinstance(answers["class_counts"], str)
    assert time.perf_counter() - started < 15  # one or two where nothing else runs


@given(st.lists(st.text(max_size=60), max_size=4))
def test_any_text_is_read_or_told(cells):
    """No exception leaves the reader."""
    notebook_answers.read(notebook(*cells, DEF), "a.ipynb", BOTH)
