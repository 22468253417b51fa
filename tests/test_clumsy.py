"""Files as students make them: each gets a sentence that helps, and none ends the process."""

import re

import msgspec
import pytest

import counted
from examples import COUNTS as EXERCISE
from fmnist.exercises import checks
from fmnist.exercises.checker import Checker
from fmnist.inside.newer_syntax import HERE

NAMES = [one.name for one in checks.collect([EXERCISE.public_checks])]
CHECKS = len(NAMES)
SIGNATURE = "def class_counts(labels, classes=10):\n    "
BODY = """counts = [0] * classes
    for label in labels:
        counts[label] += 1
    return counts
"""
RIGHT = SIGNATURE + BODY
PARAMETERS = "Keep the stub's parameters: their names, order and defaults."
CANNOT = "class_counts cannot be called as the exercise says:"
PLAIN = "return plain numbers, text, lists, tuples, dicts or NumPy arrays."
NUMPY = "imports numpy; this exercise may use only Python's own math and containers."
TYPED = "it calls input(), and nobody is there to type; use the arguments instead"
ENDS = "it calls exit(), which ends the program; return a value instead"


@pytest.fixture(scope="module", name="checker")
def _checker():
    """One warm process for all files, as `fmnist watch` keeps it."""
    with Checker() as checker:
        yield checker


@pytest.fixture(name="judge")
def _judge(checker, tmp_path):
    """Judge a file with this content, a text or bytes."""

    def judge(content: str | bytes, exercise=EXERCISE):
        path = tmp_path / "class_counts.py"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        verdicts = list(checker.check(exercise, path))
        for verdict in verdicts:
            assert "Traceback" not in verdict.message
            assert "pytest" not in verdict.message
        return verdicts

    return judge


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(RIGHT, id="as the editor wrote it"),
        pytest.param(b"\xef\xbb\xbf" + RIGHT.replace("\n", "\r\n").encode(), id="Windows"),
        pytest.param(RIGHT.replace("\n", "\r").encode(), id="lines that end as on an old Mac"),
        pytest.param(RIGHT.rstrip("\n").replace("    ", "\t"), id="tabs, no last line end"),
        pytest.param(f"# Zähler, 数\n{RIGHT}", id="letters from everywhere"),
        pytest.param(f"print('hi', '\\x1b[2J')\n{SIGNATURE}print(labels)\n    {BODY}", id="prints"),
        pytest.param(f"{SIGNATURE}print('x' * 1_000_000)\n    {BODY}", id="prints a great deal"),
        pytest.param(f"{SIGNATURE}print({{'status': 1}})\n    {BODY}", id="prints like a runner"),
        pytest.param(f"{RIGHT}\nprint(class_counts([1, 2]))\n", id="tries it below"),
        pytest.param(f"from collections import Counter\n{RIGHT}", id="harmless import"),
        pytest.param(RIGHT.replace("=10", "=10, debug=False"), id="parameter with a default"),
        pytest.param(
            "class_counts = lambda labels, classes=10: [labels.count(c) for c in range(classes)]",
            id="lambda",
        ),
        pytest.param(f'{SIGNATURE}"""A \\d."""\n    {BODY}', id="odd escape"),
    ],
)
def test_what_is_right_passes_however_it_was_written(judge, content):
    """Encodings, line ends, prints and trials are no mistakes."""
    assert [verdict.outcome for verdict in judge(content)] == ["passed"] * CHECKS


@pytest.mark.parametrize(
    ("content", "message"),
    [
        pytest.param(
            "def class_counts(labels, classes=10)\n    return []\n",
            f"{HERE} cannot read line 1: expected ':': def class_counts(labels, classes=10)",
            id="colon missing",
        ),
        pytest.param(
            "def class_counts(labels, classes=10):\nreturn []\n",
            f"{HERE} cannot read line 2: expected an indented block after function definition "
            "on line 1: return []",
            id="not indented",
        ),
        pytest.param(
            "def class_counts(labels, classes=10):\n\tx = 1\n        return x\n",
            f"{HERE} cannot read line 3: inconsistent use of tabs and spaces in indentation: "
            "return x",
            id="tabs and spaces",
        ),
        pytest.param(
            f"# Zähler\n{RIGHT}".encode("latin-1"),
            "class_counts.py is not UTF-8 (byte 3); save it with that encoding.",
            id="latin-1",
        ),
        pytest.param(
            RIGHT.encode("utf-16"),
            "class_counts.py is not UTF-8 (byte 0); save it with that encoding.",
            id="utf-16",
        ),
        pytest.param("", "The file defines no function class_counts.", id="empty"),
        pytest.param(
            RIGHT.replace("class_counts", "count_classes"),
            "The file defines no function class_counts. It defines count_classes: "
            "give it its name back.",
            id="renamed",
        ),
        pytest.param(
            "class_counts = [1, 0, 2, 0]\n",
            "class_counts must be a function, but is list.",
            id="a value",
        ),
        pytest.param(f"import numpy as np\n{RIGHT}", f"Line 1 {NUMPY}", id="import"),
        pytest.param(
            f"{SIGNATURE}import numpy\n    return numpy.bincount(labels).tolist()\n",
            f"Line 2 {NUMPY}",
            id="import within",
        ),
        pytest.param(
            f"n = input('How many? ')\n{RIGHT}",
            f"The file stops while it is loaded: {TYPED} (line 1: n = input('How many? '))",
            id="input at the top",
        ),
        pytest.param(
            f"{RIGHT}exit()\n",
            f"The file stops while it is loaded: {ENDS} (line 6: exit())",
            id="exit at the end",
        ),
        pytest.param(
            f"{RIGHT}print(class_counts([10]))\n",
            "The file stops while it is loaded: IndexError: list index out of range "
            "(line 4: counts[label] += 1)",
            id="its own trial fails",
        ),
    ],
)
def test_a_file_that_does_not_load_says_why(judge, content, message):
    """Every check names the one thing that is to be mended first."""
    verdicts = judge(content)
    assert [(one.outcome, one.kind) for one in verdicts] == [("error", "not loaded")] * CHECKS
    assert {verdict.message for verdict in verdicts} == {message}


@pytest.mark.parametrize(
    ("source", "kind", "message"),
    [
        pytest.param(
            "def class_counts(labels, classes, total):\n    return []\n",
            "unusable",
            f"{CANNOT} missing a required argument: 'total'. {PARAMETERS}",
            id="parameter too many",
        ),
        pytest.param(
            f"{SIGNATURE}n = int(input('How many? '))\n    return [n]\n",
            "raised",
            f"{TYPED} (line 2: n = int(input('How many? ')))",
            id="input",
        ),
        pytest.param(f"{SIGNATURE}exit()\n", "crashed", f"{ENDS} (line 2: exit())", id="exit"),
        pytest.param(
            f"{SIGNATURE}labels.append(0)\n    return [0] * classes\n",
            "unusable",
            "class_counts changed its argument labels, which belongs to the caller; "
            "work on a copy.",
            id="changed argument",
        ),
        pytest.param(
            f"{SIGNATURE}yield 0\n",
            "unusable",
            f"class_counts returned an object of type generator; {PLAIN}",
            id="generator",
        ),
        pytest.param(
            f"{SIGNATURE}return {{*labels}}\n",
            "unusable",
            f"class_counts returned an object of type set; {PLAIN}",
            id="set",
        ),
        pytest.param(
            f"{SIGNATURE}return class_counts(labels, classes)\n",
            "raised",
            "RecursionError: a function calls itself without end "
            "(line 2: return class_counts(labels, classes))",
            id="recursion",
        ),
        pytest.param(
            f"{SIGNATURE}return total\n",
            "raised",
            "NameError: name 'total' is not defined (line 2: return total)",
            id="unknown name",
        ),
    ],
)
def test_a_call_that_fails_says_why_in_every_check(judge, source, kind, message):
    """The first fault teaches, and the checks after it are judged as well."""
    found = judge(source)
    assert [(verdict.outcome, verdict.kind) for verdict in found] == [("failed", kind)] * CHECKS
    assert found[0].message == message


@pytest.mark.parametrize(
    ("source", "back"),
    [
        pytest.param(
            RIGHT.replace("    return counts\n", ""), "None (is a return missing?)", id="no return"
        ),
        pytest.param(f"{SIGNATURE}return 'abc'\n", "'abc', a str", id="text"),
    ],
)
def test_a_result_of_another_type_is_shown_with_what_was_expected(judge, source, back):
    """Call, what came back, what was expected, the idea: in every check, the type in the first."""
    found = judge(source)
    assert [(verdict.outcome, verdict.kind) for verdict in found] == [("failed", "wrong")] * CHECKS
    for verdict in found:
        call, came, expected, idea = verdict.message.splitlines()
        assert call.startswith("class_counts(")
        assert f"  came back: {back}".startswith(came)
        assert expected.startswith("  expected:  ")
        assert re.fullmatch(r"  \S.*\.", idea)
    _, came, expected, _ = found[0].message.splitlines()
    assert came == f"  came back: {back}"
    assert re.fullmatch(r"  expected:  a list of \d+ ints", expected)


@pytest.mark.parametrize(
    "source",
    [
        pytest.param(
            f"{SIGNATURE}assert labels, 'no labels'\n    {BODY}",
            id="raises for one case",
        ),
        pytest.param(
            "def class_counts(labels):\n    return [*map(labels.count, range(10))]\n",
            id="parameter missing",
        ),
        pytest.param(
            f"{SIGNATURE}labels.sort()\n    {BODY}",
            id="sorts its argument",
        ),
        pytest.param(
            f"{SIGNATURE}if not labels:\n        exit()\n    {BODY}",
            id="exits for one case",
        ),
    ],
)
def test_each_check_is_judged_by_itself(judge, tmp_path, source):
    """What goes wrong in one check does not spoil the others: each says what it says alone."""
    together = [verdict.passed for verdict in judge(source)]
    path = tmp_path / "class_counts.py"
    found = counted.verdicts(EXERCISE, path, [EXERCISE.public_checks])
    alone = [verdict.passed for verdict in found]
    assert together == alone
    assert set(together) == {True, False}


def test_a_loop_without_end_is_stopped_and_the_next_file_is_judged(judge):
    """The check that was running is named; another process judges what comes next."""
    quick = msgspec.structs.replace(EXERCISE, seconds=1)
    (verdict,) = judge(f"{SIGNATURE}while True:\n        pass\n", quick)
    assert (verdict.outcome, verdict.kind) == ("failed", "timed out")
    assert verdict.message == (
        f"{NAMES[0]} was stopped after 5 s: is there a loop that never ends?"
    )
    assert [verdict.outcome for verdict in judge(RIGHT)] == ["passed"] * CHECKS


def test_no_file_is_a_sentence_too(checker, tmp_path):
    """A file that vanished between two checks, or a folder in its place."""
    (tmp_path / "folder.py").mkdir()
    for name, message in (
        ("none.py", "There is no file none.py."),
        ("folder.py", "folder.py is not a regular file."),
    ):
        verdicts = list(checker.check(EXERCISE, tmp_path / name))
        assert {verdict.message for verdict in verdicts} == {message}
        assert {verdict.outcome for verdict in verdicts} == {"error"}
