"""The set of exercises: stubs fail, references pass, wrong answers are caught by name.

Each check runs both ways that the course knows: in the student's own process, and over the wire
to a worker in a sandbox. The second says the same of every answer of a kind, so here it is tried
on one exercise a phase and kind; the slow tests try all.
"""

import json
import shutil

import pytest

from fmnist.exercises import catalog, checker, quality
from fmnist.exercises.verdicts import Verdict

EXERCISES = catalog.load()
KERAS, OTHERS = (
    [exercise for exercise in EXERCISES if exercise.keras is keras] for keras in (True, False)
)
# The first of a phase that is written without packages, with NumPy alone, and with Keras.
KINDS = {(one.phase, one.plain, one.keras): one for one in reversed(EXERCISES)}
OVER_THE_WIRE = [
    pytest.param(one, id=one.name, marks=[] if one in KINDS.values() else pytest.mark.slow)
    for one in EXERCISES
]


def by_name(exercise) -> str:
    """Return the id of a parametrised test."""
    return exercise.name


def test_everything_is_linked():
    """Exercises, objectives, projects, misconceptions and sections: none stands alone."""
    assert list(quality.of_the_course()) == []
    assert list(quality.of_strays()) == []


@pytest.mark.parametrize("exercise", EXERCISES, ids=by_name)
def test_the_files_of_an_exercise_are_whole(exercise):
    """Stub and reference differ in the body only; every wrong answer names its misconception."""
    assert list(quality.of_the_files(exercise)) == []


@pytest.mark.parametrize("exercises", [OTHERS, KERAS], ids=["without Keras", "with Keras"])
def test_checks_accept_what_is_right_and_catch_what_is_wrong(exercises):
    """Stubs are not started, references pass, each wrong answer is caught by the check it names."""
    assert list(quality.problems(exercises)) == []


def checked(exercise: catalog.Exercise) -> list[Verdict]:
    """Return the verdicts on a reference, from a process of its own."""
    with checker.Checker() as process:
        return list(process.check(exercise, exercise.reference))


def test_checks_that_cannot_run_are_our_fault(tmp_path, monkeypatch):
    """A run that never starts is no verdict on the answer."""
    exercise = catalog.find("class_counts")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    (tmp_path / "fmnist").mkdir()  # in the way of the package: the module cannot be started
    (tmp_path / "fmnist" / "__init__.py").write_text("raise SystemExit(7)\n")
    (verdict,) = checked(exercise)
    assert (verdict.outcome, verdict.kind) == ("error", "grader error")
    assert "could not be run" in verdict.message


def test_a_library_that_loads_too_slowly_is_our_fault(monkeypatch):
    """Before the first check nothing of the student's runs: no verdict on the answer."""
    monkeypatch.setattr(checker, "START_SECONDS", 0.01)
    exercise = catalog.find("class_counts")
    (verdict,) = checked(exercise)
    assert (verdict.outcome, verdict.kind) == ("error", "grader error")
    assert "nothing for 0.01 s" in verdict.message


def test_checks_can_end_at_the_first_fault():
    """Whoever asks for it is told the first fault alone, and the process stays warm."""
    exercise = catalog.find("class_counts")
    wrong = exercise.wrong_answers[0].path
    with checker.Checker() as warm:
        whole = list(warm.check(exercise, wrong))
        short = list(warm.check(exercise, wrong, first_fault=True))
        process = warm._process
        again = list(warm.check(exercise, exercise.reference, first_fault=True))
        assert warm._process is process
    faults = [verdict.outcome != "passed" for verdict in whole]
    assert not all(faults)
    assert short == whole[: faults.index(True) + 1]
    assert len(short) < len(whole) == len(again)
    assert {verdict.outcome for verdict in again} == {"passed"}


@pytest.fixture(scope="module", name="graded")
def _graded(request, tmp_path_factory, fmnist, sandbox):
    """Records of a class: one student hands in the references, the others wrong answers.

    The student "wrong2" hands in the third wrong answer of each exercise that has so many. Of the
    exercises there are those that the chosen tests ask for.
    """
    submissions = tmp_path_factory.mktemp("submissions")
    out = tmp_path_factory.mktemp("grades")
    asking = [item for item in request.session.items if "graded" in item.fixturenames]
    chosen = {item.callspec.params["exercise"] for item in asking if item.path == request.path}
    for exercise in chosen:
        answers = {"right": exercise.reference}
        answers |= {f"wrong{k}": wrong.path for k, wrong in enumerate(exercise.wrong_answers)}
        for student, path in answers.items():
            target = submissions / student / exercise.phase / f"{exercise.name}.py"
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(path, target)
    names = [word for exercise in chosen for word in ("--exercise", exercise.name)]
    done = fmnist("grade", submissions, "--out", out, *names)
    assert done.returncode == 0, done.stderr
    records = {
        path.stem: json.loads(path.read_text("utf-8"))["record"]
        for path in (out / "records").glob("*.json")
    }
    return {
        student: {part["name"]: part for part in record["exercises"]}
        for student, record in records.items()
    }


@pytest.mark.parametrize("exercise", OVER_THE_WIRE)
def test_a_reference_passes_over_the_wire(graded, exercise):
    """The same checks pass when the reference runs in a sandboxed worker."""
    record = graded["right"][exercise.name]
    assert [one for one in record["verdicts"] if one["outcome"] != "passed"] == []
    assert {one["hidden"] for one in record["verdicts"]} == {False, True}
    assert record["points"] == record["max_points"] == exercise.points


@pytest.mark.parametrize("exercise", OVER_THE_WIRE)
def test_every_wrong_answer_is_caught_over_the_wire(graded, exercise):
    """The same check says the same of a wrong answer that runs in a sandboxed worker."""
    for number, wrong in enumerate(exercise.wrong_answers):
        record = graded[f"wrong{number}"][exercise.name]
        verdicts = {one["check"]: one for one in record["verdicts"]}
        assert verdicts[wrong.check]["outcome"] == "failed", wrong.name
        assert wrong.sentence in verdicts[wrong.check]["message"], wrong.name
        assert record["points"] < record["max_points"], wrong.name
