"""A copy of the course for students: stubs, public checks, notebooks, the package; no solution."""

import importlib.util

from fmnist import course
from fmnist.exercises import catalog, copies, workspace
from fmnist.exercises.catalog import Exercise
from fmnist.release import packing, proof, requirements
from fmnist.release.packing import Files
from fmnist.tools import templates

COURSE = "Image Classification with Deep Learning"
FOLDER = copies.FOLDER
LOCK, KERAS_LOCK = "requirements.txt", "requirements-keras.txt"
FOR_NOTEBOOKS = ("nbformat", "yaml")  # what writing them takes
# What is local to one student; the rest of `.fmnist` came, and a clone needs it.
IGNORED = f"""\
.venv/
__pycache__/
.ipynb_checkpoints/
{workspace.PACKED}
{FOLDER}/{workspace.MARK}/progress.json
{FOLDER}/{workspace.MARK}/lock
{FOLDER}/{workspace.MARK}/.writing-*
"""


def files(assignment: str = "", *, site: str = "") -> Files:
    """Return a copy for students, proved to have no solution.

    Args:
        assignment: whose exercises are in it; empty for the whole course.
        site: where the book is on the web, see `reading.site`; empty: nobody knows.

    Raises:
        CatalogError: there is no such assignment.
        ReleaseError: there is no checkout with solutions, or the copy would show one.
        ModuleNotFoundError: hatchling is not installed.
    """
    copy = copies.sealed(unproved(assignment, site), assignment)
    proof.prove(copy)
    return copy


def unproved(assignment: str, site: str) -> Files:
    """Return what is to be looked through before anybody gets it."""
    exercises = packing.exercises_of(assignment)
    wheel, content = packing.wheel()
    copy = {
        "LICENSE": (course.ROOT / "LICENSE").read_bytes(),
        ".gitignore": IGNORED.encode(),
        LOCK: requirements.locked(),
        f"wheels/{wheel}": content,
    }
    if extras := requirements.extras_for(exercises):
        copy[KERAS_LOCK] = requirements.locked(*extras)
    copy |= _exercises(exercises) | _notebooks(exercises, site)
    if site:
        copy[f"{FOLDER}/{workspace.MARK}/{workspace.SETTINGS}"] = workspace.settings(site)
    titles = {entry.name: entry.title for entry in catalog.read().assignments}
    readme = templates.filled(
        "release/templates/student_readme.md.jinja",
        title=f"{assignment}: {titles[assignment]}" if assignment else COURSE,
        exercises=exercises,
        wheel=wheel,
        archive=f"{assignment or 'course'}.zip",
        keras=KERAS_LOCK in copy,
        projects=[
            project
            for project in catalog.read().projects
            if project.phase in packing.phases_of(exercises)
        ],
        notebooks=any(name.startswith("notebooks/") for name in copy),
        site=site,
    )
    copy["README.md"] = readme.encode()
    return copy


def _exercises(exercises: tuple[Exercise, ...]) -> Files:
    """Return a student's folder as `fmnist start` would leave it."""
    paths = workspace.sources(exercises)
    names = {path.relative_to(course.EXERCISES).as_posix(): path for path in paths}
    return {f"{FOLDER}/{name}": path.read_bytes() for name, path in names.items()}


def _notebooks(exercises: tuple[Exercise, ...], site: str) -> Files:
    """Return the notebooks of the phases, if they can be written here."""
    if any(importlib.util.find_spec(name) is None for name in FOR_NOTEBOOKS):
        return {}
    import nbformat

    from fmnist.book import notebooks

    made = {phase: notebooks.notebook(phase, site=site) for phase in packing.phases_of(exercises)}
    return {
        f"notebooks/{phase}.ipynb": nbformat.writes(notebook).encode() + b"\n"
        for phase, notebook in made.items()
    }
