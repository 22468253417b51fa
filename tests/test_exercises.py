"""The set of exercises: stubs fail, references pass, wrong answers are caught by name.

Each check runs both ways that the course knows: in the student's own process, and over the wire
to a worker in a sandbox.
"""

import ast
import functools
import json
import shutil

import pytest

from fmnist.exercises import catalog, runner

EXERCISES = catalog.load()
WRONG = [(exercise, path) for exercise in EXERCISES for path in exercise.wrong_answers]


def by_name(exercise) -> str:
    """Return the id of a parametrised test."""
    return exercise.name


def metadata(path) -> dict[str, str]:
    """Return what a wrong answer's docstring says: Misconception, caught-by, says."""
    docstring = ast.get_docstring(ast.parse(path.read_text("utf-8")))
    lines = (line.partition(": ") for line in docstring.splitlines() if ": " in line)
    return {key: value for key, _, value in lines}


def without_body(path, function: str) -> str:
    """Return a module's syntax tree with the function's body reduced to its docstring."""
    tree = ast.parse(path.read_text("utf-8"))
    for node in tree.body:
        if isinstance(node, ast.FunctionDef) and node.name == function:
            node.body = node.body[:1]
    return ast.dump(tree)


@pytest.mark.parametrize("exercise", EXERCISES, ids=by_name)
def test_stub_and_reference_differ_in_the_body_only(exercise):
    """Imports, signature and docstring of a stub are those of its reference."""
    stub, reference = (
        without_body(path, exercise.name) for path in (exercise.stub, exercise.reference)
    )
    assert stub == reference


@pytest.mark.parametrize("exercise", EXERCISES, ids=by_name)
def test_a_stub_fails_as_not_started(exercise):
    """No check passes on a stub, and each says that it is not started."""
    verdicts = list(runner.check(exercise, exercise.stub, hidden=True))
    assert {verdict.kind for verdict in verdicts} == {"not started"}


@pytest.mark.parametrize("exercise", EXERCISES, ids=by_name)
def test_a_reference_passes_in_this_process(exercise):
    """Public and hidden checks pass on the reference by a direct call."""
    verdicts = list(runner.check(exercise, exercise.reference, hidden=True))
    assert {verdict.hidden for verdict in verdicts} == {False, True}
    assert [verdict for verdict in verdicts if verdict.outcome != "passed"] == []


@pytest.mark.parametrize(
    ("exercise", "path"), WRONG, ids=[f"{one.name}-{path.stem}" for one, path in WRONG]
)
def test_a_wrong_answer_is_caught_as_it_says(exercise, path):
    """The check that a wrong answer names rejects it with the sentence that it names."""
    expected = metadata(path)
    assert expected["Misconception"]
    verdicts = {verdict.check: verdict for verdict in runner.check(exercise, path)}
    caught = verdicts[expected["caught-by"]]
    assert caught.outcome == "failed"
    assert expected["says"] in caught.message


def test_checks_that_cannot_run_are_our_fault(tmp_path, monkeypatch):
    """A run that never starts is no verdict on the answer."""
    exercise = catalog.find("class_counts")
    monkeypatch.setattr(
        runner.subprocess, "Popen", functools.partial(runner.subprocess.Popen, cwd=tmp_path)
    )
    (tmp_path / "fmnist").mkdir()  # in the way of the package: the module cannot be started
    (tmp_path / "fmnist" / "__init__.py").write_text("raise SystemExit(7)\n")
    (verdict,) = runner.check(exercise, exercise.reference)
    assert (verdict.outcome, verdict.kind) == ("error", "grader error")
    assert "status 7" in verdict.message


def test_every_exercise_has_a_wrong_answer():
    """Checks that nothing tries to fool prove nothing."""
    assert {exercise.name for exercise, _ in WRONG} == {exercise.name for exercise in EXERCISES}


def test_no_file_is_a_stray():
    """Every Python file under exercises/ and solutions/ belongs to an exercise."""
    belonging = {
        path
        for exercise in EXERCISES
        for path in (
            exercise.stub,
            exercise.public_checks,
            exercise.reference,
            exercise.hidden_checks,
            *exercise.wrong_answers,
        )
    }
    found = {*catalog.EXERCISES.rglob("*.py"), *catalog.SOLUTIONS.rglob("*.py")}
    assert found == belonging


@pytest.fixture(scope="module", name="graded")
def _graded(tmp_path_factory, fmnist, sandbox):
    """Records of a class that hands in the references, and of one that hands in wrong answers."""
    submissions = tmp_path_factory.mktemp("submissions")
    out = tmp_path_factory.mktemp("grades")
    for exercise in EXERCISES:
        for student, path in (("right", exercise.reference), ("wrong", exercise.wrong_answers[0])):
            target = submissions / student / exercise.phase / f"{exercise.name}.py"
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(path, target)
    done = fmnist("grade", submissions, "--out", out)
    assert done.returncode == 0, done.stderr
    return {
        student: {
            part["name"]: part
            for part in json.loads((out / "records" / f"{student}.json").read_text())["exercises"]
        }
        for student in ("right", "wrong")
    }


@pytest.mark.parametrize("exercise", EXERCISES, ids=by_name)
def test_a_reference_passes_over_the_wire(graded, exercise):
    """The same checks pass when the reference runs in a sandboxed worker."""
    record = graded["right"][exercise.name]
    assert [one for one in record["verdicts"] if one["outcome"] != "passed"] == []
    assert {one["hidden"] for one in record["verdicts"]} == {False, True}
    assert record["points"] == record["max_points"] == exercise.points


@pytest.mark.parametrize("exercise", EXERCISES, ids=by_name)
def test_a_wrong_answer_is_caught_over_the_wire(graded, exercise):
    """The same check says the same of a wrong answer that runs in a sandboxed worker."""
    expected = metadata(exercise.wrong_answers[0])
    record = graded["wrong"][exercise.name]
    verdicts = {one["check"]: one for one in record["verdicts"]}
    assert verdicts[expected["caught-by"]]["outcome"] == "failed"
    assert expected["says"] in verdicts[expected["caught-by"]]["message"]
    assert record["points"] < record["max_points"]
