"""An autograder archive for Gradescope: the course with its solutions, and the two programs.

The service unpacks it into /autograder/source, runs ``setup.sh`` once as root, and for each
submission ``run_autograder``. See "Technical details" of
https://gradescope-autograders.readthedocs.io/.
"""

import secrets
import shlex

from fmnist import course
from fmnist.grading.reports.gradescope_results import NO_ORACLE
from fmnist.release import autograder, packing, requirements
from fmnist.release.packing import Files
from fmnist.tools import templates

COURSE = "course"


def files(assignment: str = "", *, hidden_visibility: str = NO_ORACLE) -> Files:
    """Return the content of the archive. It has all solutions: for instructors alone.

    Args:
        assignment: that it grades; empty for the whole course.
        hidden_visibility: when students see what hidden checks say.

    Raises:
        CatalogError: there is no such assignment.
        ReleaseError: there is no checkout with solutions.
        ModuleNotFoundError: hatchling is not installed.
    """
    exercises = packing.exercises_of(assignment)
    program = templates.filled(
        "release/templates/run_autograder.sh.jinja",
        course=COURSE,
        failure=autograder.FAILURE.name,
        hidden_visibility=hidden_visibility,
        assignment=shlex.quote(assignment) if assignment else "",
        seed=secrets.randbelow(2**31 - 1) + 1,  # of the class: with each archive another
    )
    archive = {
        "setup.sh": (course.PACKAGE / "release/templates/setup.sh").read_bytes(),
        "run_autograder": program.encode(),
        "requirements.txt": requirements.locked("grading", *requirements.extras_for(exercises)),
        autograder.FAILURE.name: autograder.FAILURE.read_bytes(),
    }
    return archive | packing.with_solutions(COURSE)
