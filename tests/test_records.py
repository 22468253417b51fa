"""Records: states and points, and what becomes of the grader's own faults."""

from contextlib import closing

import pytest

from examples import ANOTHER, COUNTS
from fmnist import course
from fmnist.exercises import catalog, sentences
from fmnist.exercises.verdicts import Verdict
from fmnist.grading.hand_ins import submissions
from fmnist.grading.judging import grader, record_keys, records
from fmnist.grading.judging.records import Graded, Record, settled
from fmnist.grading.marks import gradebook
from fmnist.tools import keeping


def verdict(outcome: str, kind: str = "") -> records.Verdict:
    """Return a verdict on class_counts."""
    return records.Verdict("class_counts", "test", False, outcome, kind, "")


@pytest.mark.parametrize(
    ("verdicts", "state"),
    [
        pytest.param([], "grader error", id="no verdict"),
        pytest.param([verdict("skipped")], "grader error", id="skipped"),
        pytest.param(
            [verdict("passed"), verdict("error", "grader error")], "grader error", id="ours"
        ),
        pytest.param([verdict("passed"), verdict("failed", "crashed")], "crashed", id="crashed"),
        pytest.param(
            [verdict("passed"), verdict("failed", "tampering suspected")],
            "tampering suspected",
            id="tampered",
        ),
        pytest.param([verdict("failed", "wrong")], "graded", id="wrong is graded"),
    ],
)
def test_no_evidence_is_never_a_pass(verdicts, state):
    """What got no verdict is named; it earns nothing and is no honest 0."""
    handed_in = submissions.Submission("one", {}, {}, ())
    expected = [("class_counts", "test", False)] * len(verdicts)
    made = records.record(handed_in, (COUNTS,), verdicts, expected=expected, isolation="A")
    assert made.exercises[0].state == state
    assert made.exercises[0].verdicts == tuple(verdicts)
    assert made.points == (COUNTS.points / 2 if state == "crashed" else 0.0)
    assert made.state == (state if state in ("grader error", "tampering suspected") else "graded")


@pytest.mark.parametrize(
    ("given", "told"),
    [
        pytest.param("a", ("b",), id="one is lost"),
        pytest.param("", ("a", "b"), id="all are lost"),
        pytest.param("aa", ("a", "b"), id="one twice for two"),
        pytest.param("aab", ("a",), id="one too many"),
        pytest.param("abc", ("c",), id="of no check of ours"),
    ],
)
def test_each_check_has_one_verdict_or_the_grader_failed(given, told):
    """What passed earns nothing beside a check without its verdict, and each is named."""
    handed_in = submissions.Submission("one", {}, {}, ())
    verdicts = [records.Verdict("class_counts", name, True, "passed", "", "") for name in given]
    expected = [("class_counts", name, True) for name in "ab"]
    made = records.record(handed_in, (COUNTS,), verdicts, expected=expected, isolation="A")
    assert (made.state, made.points) == ("grader error", 0.0)
    ours = made.exercises[0].verdicts[len(given) :]
    assert {one.kind for one in ours} == {"grader error"}
    assert tuple(one.check for one in ours) == told
    assert all("our fault" in one.message for one in ours)


def test_a_lost_verdict_raises_no_mark(monkeypatch, sandbox):
    """An answer whose failed checks leave no verdict is not full of passed ones."""
    exercise = catalog.find("class_counts")
    partly = "def class_counts(labels, classes=10):\n    return [0] * classes\n"
    handed_in = submissions.Submission("ada", {"class_counts": partly}, {}, ())
    with closing(grader.Grader((exercise,), sandbox)) as one:
        whole = one.grade(handed_in).record
    assert whole.state == "graded"
    outcomes = [verdict.outcome for verdict in whole.exercises[0].verdicts]
    assert {"passed", "failed"} <= set(outcomes)
    right = grader.Grader._judge

    def losing(self, *given, **how):
        return (judged for judged in right(self, *given, **how) if judged[0].outcome == "passed")

    monkeypatch.setattr(grader.Grader, "_judge", losing)
    with closing(grader.Grader((exercise,), sandbox)) as one:
        made = one.grade(handed_in).record
    assert (made.state, made.points) == ("grader error", 0.0)
    assert len(made.exercises[0].verdicts) == len(outcomes)


DOUBTED = {
    "loop": ("while True: pass", True),
    "exit": ("import collections; collections._sys.modules['os']._exit(0)", True),
    "memory": ("return [0] * 10**10", True),
    # As many labels are in each hidden check, and in no public one, whatever the seed.
    "memory when hidden": ("return [0] * (10**10 if len(labels) == 300 else classes)", True),
    "wrong": ("return [0] * classes", False),
    "raises": ("raise ValueError", False),
    "not plain": ("return object()", False),
}


@pytest.mark.parametrize("case", DOUBTED)
def test_what_may_be_the_machines_doing_is_doubted(sandbox, monkeypatch, case):
    """Stopped, ended, without memory: such an exercise is graded again, and others are not."""
    body, doubted = DOUBTED[case]
    source = f"def class_counts(labels, classes=10):\n    {body}\n"
    exercises = (COUNTS, ANOTHER)
    sources = {"class_counts": source, ANOTHER.name: exercises[1].reference.read_text()}
    handed_in = submissions.Submission("ada", sources, {}, ())
    with closing(grader.Grader(exercises, sandbox)) as one:
        first = one.grade(handed_in)
        assert first.doubtful == (("class_counts",) if doubted else ())
        again = one.grade(handed_in, ("class_counts",))
    assert [part.name for part in again.record.exercises] == ["class_counts"]
    assert again.record.exercises[0] == first.record.exercises[0]
    whole = records.settled(first, again)
    assert whole.record == first.record
    assert whole.seconds.keys() == first.seconds.keys()


def test_what_came_out_alone_is_what_counts():
    """State and points of the whole are those of its parts."""
    exercises = (COUNTS, ANOTHER)
    handed_in = submissions.Submission("ada", {}, {}, ())

    def graded(outcome, kind, *names):
        some = tuple(one for one in exercises if one.name in names)
        verdicts = [records.Verdict(name, "a", True, outcome, kind, "") for name in names]
        expected = [(name, "a", True) for name in names]
        made = records.record(handed_in, some, verdicts, expected=expected, isolation="A")
        return records.Graded(made, dict.fromkeys(names, 1.0))

    first = graded("error", "grader error", "class_counts", ANOTHER.name)
    assert (first.record.state, first.record.points) == ("grader error", 0.0)
    half = records.settled(first, graded("passed", "", "class_counts"))
    assert (half.record.state, half.record.points) == ("grader error", COUNTS.points)
    both = records.settled(half, graded("passed", "", ANOTHER.name))
    assert both.record.state == "graded"
    assert both.record.points == both.record.max_points


def test_checks_that_cannot_be_imported_stop_the_grading(tmp_path, monkeypatch, sandbox):
    """A broken file of checks gives no marks at all."""
    checks = tmp_path / "test_class_counts.py"
    checks.write_text("import nothing_of_that_name\n")
    monkeypatch.setattr(catalog.Exercise, "public_checks", checks)
    with pytest.raises(grader.GraderError, match="cannot be imported"):
        grader.Grader((catalog.find("class_counts"),), sandbox)


def test_a_model_answer_that_fails_is_our_fault(tmp_path, monkeypatch, sandbox):
    """Nobody loses a point because a reference raised: the record says that the grader failed."""
    exercise = catalog.find("class_counts")
    right = exercise.reference.read_text("utf-8")
    broken = tmp_path / "class_counts.py"
    broken.write_text("def class_counts(labels, classes=10):\n    raise ValueError('ours')\n")
    monkeypatch.setattr(catalog.Exercise, "reference", broken)
    with closing(grader.Grader((exercise,), sandbox)) as one:
        made = one.grade(submissions.Submission("ada", {"class_counts": right}, {}, ())).record
    assert made.state == "grader error"
    assert any("ReferenceFailed" in verdict.message for verdict in made.exercises[0].verdicts)


@pytest.mark.parametrize("name", ["=1", "'=1", " =1", "\n=1", "\uff1d1", "@x", "-1", "+1"])
def test_no_name_is_computed_or_confused(name):
    """A spreadsheet shows every name as text, and no two become one."""
    assert gradebook.cell(name) == f"'{name}"
    assert gradebook.cell("ada") == "ada"


@pytest.mark.parametrize(
    ("module", "decides"),
    [
        ("exercises/expect.py", True),
        ("exercises/checks.py", True),
        ("inside/host.py", True),
        ("inside/preload.py", True),
        ("answer/proxy.py", True),
        ("grading/judging/records.py", True),
        ("grading/sandbox/isolation.py", True),
        ("grading/hand_ins/roster.py", False),
        ("grading/reports/view.py", False),
        ("grading/marks/policy.py", False),
        ("exercises/workspace.py", False),
    ],
)
def test_a_record_is_made_again_when_what_decides_it_changes(monkeypatch, module, decides):
    """Its key follows the code that judges, found by its imports, and nothing else."""
    exercises = (catalog.find("class_counts"),)
    before = record_keys.Keys(exercises, isolation="A").version
    right, changed = keeping.code_hash, course.PACKAGE / module
    assert changed.is_file()
    monkeypatch.setattr(
        keeping, "code_hash", lambda path: "changed" if path == changed else right(path)
    )
    assert (record_keys.Keys(exercises, isolation="A").version != before) == decides


def test_public_words_are_those_of_the_first_time():
    """When an exercise is judged again, its process may know what hidden checks asked."""

    def graded(*verdicts: Verdict) -> Graded:
        part = records._exercise_record("class_counts", 2, list(verdicts))
        return Graded(Record("ada", 1, "", 0.0, 2, "A", (part,), ()), {})

    def verdict(check, message, *, hidden=False, kind="wrong") -> Verdict:
        return Verdict("class_counts", check, hidden, "failed", kind, message)

    first = graded(verdict("a", "came back: 1"), verdict("h", "", hidden=True, kind="crashed"))
    again = graded(
        verdict("a", "came back: [28, 4, 16]"),
        verdict("h", "raises 28, 4, 16", hidden=True, kind="not loaded"),
    )
    (part,) = settled(first, again).record.exercises
    assert [one.message for one in part.verdicts] == ["came back: 1", sentences.NOT_LOADED_AGAIN]
    # Nothing hidden was asked before a public check was sure.
    first = graded(verdict("a", "too long", kind="timed out"))
    (part,) = settled(first, again).record.exercises
    assert [one.message for one in part.verdicts] == ["came back: [28, 4, 16]", "raises 28, 4, 16"]
