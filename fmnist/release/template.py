"""A template repository for a Git host: the copy for students, and what runs its public checks.

GitHub Actions reads the one file, GitLab the other. Whoever may push may edit what is run, so it
tells how far a student is; marks come from `fmnist grade` on the clones.
"""

from fmnist.exercises import copies
from fmnist.release import packing, proof, student
from fmnist.release.packing import Files
from fmnist.tools import templates

# Of each host: the file that it reads, and the template that makes it.
WORKFLOWS = {".github/workflows/checks.yml": "checks.yml", ".gitlab-ci.yml": "gitlab-ci.yml"}
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
    exercises = packing.exercises_of(assignment)
    values = {
        "exercises": exercises,
        "folder": student.FOLDER,
        "minutes": INSTALLATION + MINUTES * len(exercises),
        "lock": student.KERAS_LOCK if student.KERAS_LOCK in copy else student.LOCK,
        "wheel": next(name for name in copy if name.startswith("wheels/")),
    }
    for name, template in WORKFLOWS.items():
        text = templates.filled(f"release/templates/{template}.jinja", **values)
        copy[name] = text.encode()
    copy = copies.sealed(copy, assignment)
    proof.prove(copy)
    return copy
