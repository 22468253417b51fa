"""Checks are collected once, and say when they are called what pytest would have them say."""

import shutil
import warnings

import pytest

from fmnist.answer import faults
from fmnist.answer.direct import DirectSession
from fmnist.answer.proxy import Answer
from fmnist.exercises import answers, catalog, checks

pytest_plugins = ["pytester"]

WITH_NUMPY = next(one.name for one in catalog.load() if one.imports == ("numpy",))
NAMES = ("class_counts", "confusion_matrix", WITH_NUMPY)
CHECKS = '''
import warnings
import pytest

def test_plain(answer, reference):
    """It is plain.

    And more.
    """
    assert answer(1) == reference(1)

@pytest.mark.parametrize(("seed", "size"), [pytest.param(1, 2, id="small"), (3, 4)])
def test_cases(answer, seed, size): pass

def test_of_a_fixture(answer, tmp_path): pass

def test_that_skips(answer): pytest.skip("not today")

def test_that_warns(answer): warnings.warn("nobody reads this")

def test_that_raises(answer):
    with pytest.raises(ValueError): answer(1)

def test_that_is_interrupted(answer): raise KeyboardInterrupt
'''


@pytest.fixture(name="collected")
def _collected(tmp_path):
    """The hidden checks above, by name."""
    file = tmp_path / "hidden_class_counts.py"
    file.write_text(CHECKS)
    return {check.name: check for check in checks.collect([file])}


def run(check: checks.Check, function=lambda number: number):
    """Return the verdict of a check on a function, and on another as the model answer."""
    return checks.run(
        check,
        answer=lambda: Answer(DirectSession("class_counts", function)),
        reference=lambda: Answer(DirectSession("class_counts", lambda _: 1)),
    )


def test_a_check_knows_what_it_is_one_of(collected):
    """Exercise, name with its case, sentence and parameters stand in it."""
    check = collected["test_plain"]
    assert (check.exercise, check.hidden, check.parameters) == ("class_counts", True, {})
    assert check.sentence == "It is plain."
    assert collected["test_cases[small]"].parameters == {"seed": 1, "size": 2}
    assert collected["test_cases[3-4]"].sentence == "test_cases[3-4]"  # it has no docstring


@pytest.mark.parametrize(
    ("name", "outcome", "kind"),
    [
        ("test_plain", "passed", ""),
        ("test_cases[small]", "passed", ""),
        ("test_that_skips", "skipped", ""),
        ("test_that_raises", "error", "grader error"),
        ("test_of_a_fixture", "error", "grader error"),
    ],
)
def test_a_check_is_called_with_what_it_asks_for(collected, name, outcome, kind):
    """Answers and parameters are all there is: what asks for more is our fault, and says so."""
    verdict = run(collected[name])
    assert (verdict.check, verdict.outcome, verdict.kind) == (name, outcome, kind)
    assert ("tmp_path" in verdict.message) == (name == "test_of_a_fixture")


def test_what_is_not_asked_for_is_not_made(collected):
    """A model answer costs a process; the student's comes first, or its fault would be hidden."""
    order = []

    def giver(name: str):
        def give():
            order.append(name)
            return lambda number: number

        return give

    for name in ("test_cases[small]", "test_plain"):
        checks.fault(collected[name], reference=giver("reference"), answer=giver("answer"))
    assert order == ["answer", "answer", "reference"]


def test_an_interrupt_is_no_verdict(collected):
    """Whoever stops the checks stops all of them."""
    with pytest.raises(KeyboardInterrupt):
        run(collected["test_that_is_interrupted"])


def test_nobody_reads_the_warnings_of_a_check(collected):
    """They would stand in a notebook, or among the lines of a class."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert run(collected["test_that_warns"]).outcome == "passed"


def test_checks_that_cannot_be_imported_are_told_of(tmp_path):
    """The checks of the other files are there, and nothing passes for a whole set."""
    good, bad = tmp_path / "test_class_counts.py", tmp_path / "hidden_class_counts.py"
    good.write_text(CHECKS)
    bad.write_text("import nothing_of_that_name\n")
    with pytest.raises(checks.NotCollected) as told:
        checks.collect([good, bad])
    assert told.value.status == pytest.ExitCode.INTERRUPTED
    assert len(told.value.checks) == 8
    with pytest.raises(checks.NotCollected):
        checks.collect([tmp_path / "test_softmax.py"])


def test_folder_and_environment_add_nothing(tmp_path, monkeypatch):
    """Neither a conftest beside the checks nor options for every pytest are looked at."""
    (tmp_path / "conftest.py").write_text("raise SystemExit(3)\n")
    monkeypatch.setenv("PYTEST_ADDOPTS", "-k nothing")
    file = tmp_path / "test_class_counts.py"
    file.write_text(CHECKS)
    assert len(checks.collect([file])) == 8


@pytest.mark.parametrize("exercise", [*map(catalog.find, NAMES)], ids=NAMES)
def test_verdicts_are_those_of_pytest(pytester, exercise):
    """Right, wrong and missing answers pass and fail the same checks either way."""
    for source in (exercise.public_checks, exercise.hidden_checks):
        shutil.copy(source, pytester.path)
    answer = pytester.path / f"{exercise.name}.py"
    collected = checks.collect([exercise.public_checks, exercise.hidden_checks])
    wrong = (each.path for each in exercise.wrong_answers)
    for source in (None, exercise.stub, exercise.reference, *wrong):
        if source is not None:
            shutil.copy(source, answer)
        verdicts = {
            check.name: checks.run(
                check,
                answer=lambda: answers.answer(exercise, answer),
                reference=lambda: answers.reference(exercise),
            )
            for check in collected
        }
        ran = pytester.inline_run("-o", "python_files=*.py")
        passed, _, failed = ran.listoutcomes()
        expected = {report.nodeid.rpartition("::")[2] for report in passed}
        assert {name for name, verdict in verdicts.items() if verdict.outcome == "passed"} == (
            expected
        )
        assert len(verdicts) == len(expected) + len(failed)
        if source is None:
            assert {verdict.kind for verdict in verdicts.values()} == {faults.Missing.kind}
