"""A template repository of GitHub Classroom: the copy for students, and its public checks as tests.

Every exercise is a test with the exercise's points, all or nothing. Whoever may push may edit the
tests and what runs them, so they tell how far a student is; marks come from `fmnist grade`.
"""

import json

from fmnist.exercises.catalog import Exercise
from fmnist.release import packing, proof, student
from fmnist.release.packing import Files

TESTS = ".github/classroom/autograding.json"
WORKFLOW = ".github/workflows/classroom.yml"
MINUTES = 5  # for one exercise
NOTE = (
    "These are the public checks, and a student can edit this file: points shown here are no "
    "marks. Marks come from `fmnist grade` on the clones, with the hidden checks."
)
# Here and below: the versions that we read; their tags can be moved by others.
GRADER = (
    "classroom-resources/autograding-command-grader@d5b3fa6f50f7f629b7bfae0cc3e4c58852b412d5  # v1"
)
REPORTER = (
    "classroom-resources/autograding-grading-reporter@d13b5912daf5042ac1b71bc38bdb4a6bcd61d8ca"
    "  # v1"
)
HEAD = """\
# These are the public checks, and a student can edit this file: points shown here are no marks.
# Marks come from `fmnist grade` on the clones, with the hidden checks.
name: Autograding Tests

on: [push, workflow_dispatch, repository_dispatch]

permissions:
  actions: read
  checks: write
  contents: read

jobs:
  run-autograding-tests:
    runs-on: ubuntu-latest
    timeout-minutes: {minutes}
    if: github.actor != 'github-classroom[bot]'
    steps:
      - uses: actions/checkout@3d3c42e5aac5ba805825da76410c181273ba90b1  # v7.0.1
        with:
          persist-credentials: false
      - uses: actions/setup-python@5fda3b95a4ea91299a34e894583c3862153e4b97  # v7.0.0
        with:
          python-version: "3.13"
      - name: Install
        run: |
          python -m pip install --require-hashes --requirement {lock}
          python -m pip install --no-deps {wheel}
"""
STEP = """\
      - name: {name}
        id: {name}
        uses: {grader}
        with:
          test-name: {name}
          command: {command}
          timeout: {minutes}
          max-score: {points}
"""
REPORT = """\
      - name: Report
        uses: {reporter}
        env:
{results}
        with:
          runners: {runners}
"""


def files(assignment: str = "") -> Files:
    """Return a template repository, proved to have no solution.

    Args:
        assignment: whose exercises are in it; empty for the whole course.

    Raises:
        ReleaseError: there is no such assignment, or the copy would show a solution.
        ModuleNotFoundError: hatchling is not installed.
    """
    copy = student.unproved(assignment)
    exercises = packing.exercises_of(assignment)
    copy[TESTS] = _tests(exercises).encode()
    copy[WORKFLOW] = _workflow(exercises, copy).encode()
    proof.prove(copy)
    return copy


def _command(exercise: Exercise) -> str:
    return f"cd {student.FOLDER} && fmnist check {exercise.name}"


def _tests(exercises: tuple[Exercise, ...]) -> str:
    tests = [
        {
            "name": exercise.name,
            "setup": "",
            "run": _command(exercise),
            "input": "",
            "output": "",
            "comparison": "included",
            "timeout": MINUTES,
            "points": exercise.points,
        }
        for exercise in exercises
    ]
    return json.dumps({"note": NOTE, "tests": tests}, indent=2) + "\n"


def _workflow(exercises: tuple[Exercise, ...], copy: Files) -> str:
    """Return the text of the workflow.

    Args:
        exercises: of the copy.
        copy: for students, for the names of what it installs.
    """
    head = HEAD.format(
        minutes=20 + MINUTES * len(exercises),
        lock=student.KERAS_LOCK if student.KERAS_LOCK in copy else student.LOCK,
        wheel=next(name for name in copy if name.startswith("wheels/")),
    )
    steps = [
        STEP.format(
            name=exercise.name,
            grader=GRADER,
            command=_command(exercise),
            minutes=MINUTES,
            points=exercise.points,
        )
        for exercise in exercises
    ]
    results = [
        f"          {name.upper()}_RESULTS: ${{{{ steps.{name}.outputs.result }}}}"
        for name in (exercise.name for exercise in exercises)
    ]
    report = REPORT.format(
        reporter=REPORTER,
        results="\n".join(results),
        runners=",".join(exercise.name for exercise in exercises),
    )
    return "".join([head, *steps, report])
