"""Autograders for Classroom 50, the open successor of GitHub Classroom: public checks, points.

It runs ``autograders/<assignment>/autograder.py`` of a classroom's folder in the student's
repository, which is made from the template, see `template`; the script leaves ``result.json``. See
"Advanced Autograding" in the wiki of https://github.com/foundation50/classroom50.

What lies there is published on the web, so it has no hidden check: marks come from `fmnist grade`.
"""

import json

from fmnist.exercises import catalog
from fmnist.release import packing, proof, requirements, student
from fmnist.release.packing import Files
from fmnist.tools import templates

RUNTIME = "runtime.json"
PYTHON = "3.13"  # by default it would be one that the course does not support


def files(assignment: str = "") -> Files:
    """Return what belongs into the folder of a classroom, proved to have no solution.

    Args:
        assignment: to make; empty for all of them.

    Raises:
        CatalogError: there is no such assignment.
        ReleaseError: there is no checkout with solutions, or a file would show one.
        ModuleNotFoundError: hatchling is not installed.
    """
    packing.exercises_of(assignment)
    name, wheel = packing.wheel()
    runtime = {"runs-on": "ubuntu-latest", "python": PYTHON}
    release = {RUNTIME: json.dumps(runtime, indent=2).encode() + b"\n"}
    for known in catalog.read().assignments:
        if assignment in ("", known.name):
            exercises = catalog.exercises_of(known.name)
            script = templates.filled(
                "release/templates/classroom50.py.jinja",
                folder=student.FOLDER,
                points={exercise.name: exercise.points for exercise in exercises},
                wheel=name,
            )
            lock = requirements.locked(*requirements.extras_for(exercises))
            beside = {"autograder.py": script.encode(), "requirements.txt": lock, name: wheel}
            release |= {f"autograders/{known.name}/{file}": beside[file] for file in beside}
    proof.prove(release)
    return release
