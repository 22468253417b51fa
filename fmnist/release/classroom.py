"""A template repository of GitHub Classroom: the copy for students, and its public checks as tests.

Every exercise is a test with the exercise's points, all or nothing. Whoever may push may edit the
tests and what runs them, so they tell how far a student is; marks come from `fmnist grade`.
"""

import json

from fmnist.release import packing, proof, student
from fmnist.release.packing import Files
from fmnist.tools import templates

TESTS = ".github/classroom/autograding.json"
WORKFLOW = ".github/workflows/classroom.yml"
MINUTES = 5  # for one exercise
INSTALLATION = 20  # minutes, at most
NOTE = (
    "These are the public checks, and a student can edit this file: points shown here are no "
    "marks. Marks come from `fmnist grade` on the clones, with the hidden checks."
)


def files(assignment: str = "") -> Files:
    """Return a template repository, proved to have no solution.

    Args:
        assignment: whose exercises are in it; empty for the whole course.

    Raises:
        CatalogError: there is no such assignment.
        ReleaseError: there is no checkout with solutions, or the copy would show one.
        ModuleNotFoundError: hatchling is not installed.
    """
    copy = student.unproved(assignment)
    tests = [
        {
            "name": exercise.name,
            "setup": "",
            "run": f"cd {student.FOLDER} && fmnist check {exercise.name}",
            "input": "",
            "output": "",
            "comparison": "included",
            "timeout": MINUTES,
            "points": exercise.points,
        }
        for exercise in packing.exercises_of(assignment)
    ]
    copy[TESTS] = json.dumps({"note": NOTE, "tests": tests}, indent=2).encode() + b"\n"
    workflow = templates.filled(
        "release/templates/classroom.yml.jinja",
        tests=tests,
        minutes=INSTALLATION + MINUTES * len(tests),
        lock=student.KERAS_LOCK if student.KERAS_LOCK in copy else student.LOCK,
        wheel=next(name for name in copy if name.startswith("wheels/")),
    )
    copy[WORKFLOW] = workflow.encode()
    proof.prove(copy)
    return copy
