"""The recipe of a container in which a class can be graded where there is no Linux.

No container engine was at hand when this was written, so the recipe is untried. A wall that does
not hold there is found by the grader's own self-test, which then refuses to grade.
"""

from fmnist.release import packing, requirements
from fmnist.release.packing import Files
from fmnist.tools import templates

COURSE = "course"


def files(_: str = "") -> Files:
    """Return the folder that an image is built from. It has all solutions: for instructors alone.

    Raises:
        ReleaseError: there is no checkout with solutions.
        ModuleNotFoundError: hatchling is not installed.
    """
    packing.need_solutions()
    recipe = templates.filled("release/templates/Dockerfile.jinja", course=COURSE)
    return {
        "Dockerfile": recipe.encode(),  # podman looks for this name, too
        "requirements.txt": requirements.locked("grading", "keras"),
    } | packing.with_solutions(COURSE)
