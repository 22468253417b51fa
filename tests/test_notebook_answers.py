"""Answers in notebooks: what is taken from the cells, what is left out, what is told."""

import contextlib
import json
import math
import re
import time
import tracemalloc
import zipfile

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
        pytest.param(["def class_counts(): pass\n\n" + DEF], DEF,
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
                     DEF, id="several statements on a line"),
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
        pytest.param(["from google.colab import drive\ndrive.mount('/content/drive')",
                      "import time\ntime.sleep(600)", "%%writefile helper.py\nx = 1", DEF],
                     DEF, id="what Colab begins with"),
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
        pytest.param(
            b" " * (notebook_answers.MAX_NOTEBOOK + 1),
            "larger than 50,000,000 bytes; clear its outputs and hand it in again.",
            id="large",
        ),
        pytest.param(
            json.dumps(
                {"cells": [{"cell_type": "code", "outputs": [math.nan, "A" * 6_000_000]}]}
            ).encode(),
            "if it opens there, clear its outputs and hand it in again.",
            id="large, and not as the standard has it",
        ),
        pytest.param(
            b'{"cells": [' + b'{"cell_type": "code"}, ' * 30_000 + b'{"cell_type": "code"}]}',
            "characters of code",
            id="many cells",
        ),
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


# --- what other cells give ---

USES = "def class_counts(labels, classes=10):\n    return zeros(classes)"
ZEROS = "def zeros(n):\n    return [0] * n"
CHECK = "from fmnist.exercises import check\n\ncheck(class_counts)"


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        pytest.param([ZEROS, USES, CHECK], [ZEROS, USES], id="a helper"),
        pytest.param([USES, ZEROS, CHECK], [USES, ZEROS], id="a helper below"),
        pytest.param(
            ["CLASSES = 10", "def class_counts(labels, classes=CLASSES):\n    return [classes]"],
            ["CLASSES = 10", "def class_counts(labels, classes=CLASSES):\n    return [classes]"],
            id="a constant that is a default",
        ),
        pytest.param(
            ["ONE = 1", "TWO = ONE + 1", "def zeros(n):\n    return TWO", USES, "THREE = 3"],
            ["ONE = 1", "TWO = ONE + 1", "def zeros(n):\n    return TWO", USES],
            id="through one another",
        ),
        pytest.param([ZEROS, "def zeros(n):\n    return 1", USES],
                     ["def zeros(n):\n    return 1", USES], id="the last before the answer"),
        pytest.param([ZEROS, USES, "zeros = zeros(len(train_labels))"], [ZEROS, USES],
                     id="what is made of the name later, without a check"),
        pytest.param([ZEROS, USES, CHECK, "def zeros(n):\n    return [0 for _ in range(n)]", CHECK],
                     [USES, "def zeros(n):\n    return [0 for _ in range(n)]"],
                     id="mended before the last check"),
        pytest.param(
            ["N = 1", "def zeros(n=N):\n    return n", "N = load_it()", "N = 2",
             "def class_counts(labels):\n    return zeros() + N"],
            ["N = 1", "def zeros(n=N):\n    return n", "N = 2",
             "def class_counts(labels):\n    return zeros() + N"],
            id="a value of its time",
        ),
        pytest.param(
            ["T = {}", "%time\nT['a'] = 1\nT['b'] = train()", "T = {}\nT['c'] = 3", "T['d'] = 4",
             "def class_counts(x):\n    return T"],
            ["T = {}", "T['c'] = 3", "T['d'] = 4", "def class_counts(x):\n    return T"],
            id="a table over several cells",
        ),
        pytest.param(
            ["import math\nimport numpy as np", "HALF = math.pi / 2",
             "f = lambda x: HALF * x", "class_counts = lambda labels: [f(n) for n in labels]"],
            ["import math", "HALF = math.pi / 2", "f = lambda x: HALF * x",
             "class_counts = lambda labels: [f(n) for n in labels]"],
            id="lambdas",
        ),
        pytest.param(
            ["def base(): return N\nN = 5", "M = base()", "N = train()",
             "class Box:\n    size = M", "def class_counts(x): return Box"],
            ["def base(): return N", "N = 5", "M = base()", "class Box:\n    size = M",
             "def class_counts(x): return Box"],
            id="called while it is loaded",
        ),
    ],
)  # fmt: skip
def test_what_the_answer_needs_is_taken_along(cells, expected):
    """From any cell, in the order of the cells, and nothing besides."""
    assert answer(*cells) == "\n".join(expected) + "\n"


@pytest.mark.parametrize(
    ("cell", "message"),
    [
        pytest.param("if True:\n    " + DEF.replace("\n", "\n    "),
                     "cell 2 defines class_counts within a statement (if)", id="if"),
        pytest.param("try:\n    " + DEF.replace("\n", "\n    ") + "\nexcept ImportError:\n    pass",
                     "cell 2 defines class_counts within a statement (try)", id="try"),
        pytest.param("class_counts = functools.partial(f, 10)", "cell 2 gives class_counts a value",
                     id="a value"),
        pytest.param("class_counts: object = f", "cell 2 gives class_counts a value", id="typed"),
        pytest.param("from mine import class_counts", "cell 2 imports class_counts", id="import"),
        pytest.param("import mine as class_counts", "cell 2 imports class_counts", id="import as"),
    ],
)  # fmt: skip
def test_an_answer_that_is_given_in_another_way_is_told(cell, message):
    """Not as missing, for a notebook came; with what to write."""
    told = fault(cell)
    assert message in told
    assert told.endswith("Define class_counts with def at the left margin of a cell.")


def test_a_lambda_is_an_answer():
    """As it is in a file of Python; what a result is called is none."""
    line = "class_counts = lambda labels, classes=10: [0] * classes"
    assert answer(line, "class_counts = class_counts(train_labels)") == line + "\n"


def pictured(*cells: str, size: int = 7_000_000) -> bytes:
    """Return a notebook with a picture of some size in its outputs."""
    whole = json.loads(notebook(*cells))
    output = {"output_type": "display_data", "data": {"image/png": "A" * size}}
    whole["cells"].append({"cell_type": "code", "source": "", "outputs": [output]})
    return json.dumps(whole).encode()


def test_pictures_cost_nothing(tmp_path):
    """As a file, in a folder, and packed."""
    raw = pictured(DEF)
    (tmp_path / "a.ipynb").write_bytes(raw)
    folder = tmp_path / "mira"
    folder.mkdir()
    (folder / "a.ipynb").write_bytes(raw)
    with zipfile.ZipFile(tmp_path / "a.zip", "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("hand-in/a.ipynb", raw)
    for path in (tmp_path / "a.ipynb", folder, tmp_path / "a.zip"):
        submission = submissions.read(Entry("mira", (path,)), BOTH)
        assert submission.sources == {"class_counts": DEF + "\n"}


@pytest.mark.parametrize(
    "outputs",
    [
        pytest.param("[NaN, Infinity, -Infinity]", id="numbers of Python"),
        pytest.param('["\\ud83d"]', id="half of a pair"),
        pytest.param('{"a": 1e999}', id="a large number"),
        pytest.param("[" * 500 + "]" * 500, id="nested"),
    ],
)
def test_whatever_python_writes_into_outputs_is_passed_over(outputs):
    """Plots have more than the standard of JSON."""
    cell = json.dumps(DEF)
    text = f'{{"cells": [{{"cell_type": "code", "source": {cell}, "outputs": [{outputs}]}}]}}'
    answers = notebook_answers.read(b"\xef\xbb\xbf" + text.encode(), "a.ipynb", BOTH)
    assert answers == {"class_counts": DEF + "\n"}


@pytest.mark.parametrize(
    "raw",
    [
        pytest.param(
            b'{"cells": [{"cell_type": "code", "source": "", "outputs": [' + b"[]," * 8_000_000
            + b"[]]}]}", id="lists",
        ),
        pytest.param(b'{"cells": [{"cell_type": "", "outputs": ' + b"[" * 20_000_000, id="deep"),
        pytest.param(
            b'{"cells": [{"cell_type": "code", "source": [' + b'"ab",' * 4_000_000 + b'""]}]}',
            id="lines",
        ),
    ],
)  # fmt: skip
def test_a_notebook_that_is_made_to_be_large_takes_little(raw):
    """Objects are made of what is code, and of no more than there may be of it."""
    tracemalloc.start()
    try:
        with contextlib.suppress(faults.NotLoaded):
            notebook_answers.read(raw, "a.ipynb", BOTH)
        assert tracemalloc.get_traced_memory()[1] < len(raw) + 60_000_000
    finally:
        tracemalloc.stop()
