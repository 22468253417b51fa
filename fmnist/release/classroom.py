"""A template repository of GitHub Classroom: the copy for students, and its public checks as tests.

Every exercise is a test with the exercise's points, all or nothing. Whoever may push may edit the
tests and what runs them, so they tell how far a student is; marks come from `fmnist grade`.
"""

from pathlib import Path

from fmnist.release import packing, proof, student
from fmnist.release.packing import Files
from fmnist.tools import templates

TESTS = ".github/classroom/autograding.json"
WORKFLOW = ".github/workflows/classroom.yml"
MINUTES = 5  # for one exercise
INSTALLATION = 20  # minutes, at most


def files(assignment: str = "", *, site: str = "") -> Files:
    """Return a template repository, proved to have no solution.

    Args:
        assignment: whose exercises are in it; empty for the whole course.
        site: where the book is on the web, see `student.files`.

    Raises:
        CatalogError: there is no such assignment.
        ReleaseError: there is no checkout with solutions, or the copy would show one.
        ModuleNotFoundError: hatchling is not installed.
    """
    copy = student.unproved(assignment, site)
    values = {
        "exercises": packing.exercises_of(assignment),
        "folder": student.FOLDER,
        "minutes": MINUTES,
        "installation": INSTALLATION,
        "lock": student.KERAS_LOCK if student.KERAS_LOCK in copy else student.LOCK,
        "wheel": next(name for name in copy if name.startswith("wheels/")),
    }
    for name in (TESTS, WORKFLOW):
        template = f"release/templates/{Path(name).name}.jinja"
        copy[name] = templates.filled(template, **values).encode()
    proof.prove(copy)
    return copy
