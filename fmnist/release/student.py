"""A copy of the course for students: stubs, public checks, notebooks, the package; no solution."""

import importlib.util
import json

from fmnist import course
from fmnist.exercises import catalog, workspace
from fmnist.exercises.catalog import Exercise
from fmnist.release import packing, proof, requirements
from fmnist.release.packing import Files

FOLDER = "exercises"
LOCK, KERAS_LOCK = "requirements.txt", "requirements-keras.txt"
FOR_NOTEBOOKS = ("nbformat", "yaml")  # what writing them takes
IGNORED = ".venv/\n__pycache__/\n.fmnist/lock\n.fmnist/progress.json\n"
README = """# {title}

{count} exercises, {points} points, about {minutes} minutes.

You need Python 3.11, 3.12 or 3.13. In the folder of this file, type once:

```console
python3 -m venv .venv
source .venv/bin/activate
python -m pip install --require-hashes --requirement {lock}
python -m pip install --no-deps wheels/{wheel}
```

(On Windows: `py -m venv .venv`, then `.venv\\Scripts\\activate`.)
{keras}
Then, in each terminal, `source .venv/bin/activate` and:

```console
cd {folder}
fmnist next                  # what to do, why, and where to read
fmnist check {first}
```

The function to complete stands in `{folder}/{phase}/{first}.py`, its checks lie beside it.
`fmnist watch` checks whenever you save, `fmnist hint {first}` gives a hint, `fmnist list` shows how
far you are.
When you are done, `fmnist pack` writes `hand-in.zip`, the file to hand in.
Your instructor's hidden checks try other inputs.
{notebooks}
| exercise | points | minutes | task |
|---|---|---|---|
{table}
"""
KERAS = """
Exercises marked with K need TensorFlow (about 2 GB). Where you want to solve them, install
`{lock}` instead of `requirements.txt`.
"""
NOTEBOOKS = """
`notebooks/` has the chapters as notebooks with the same exercises; to run them all, install
`python -m pip install "wheels/{wheel}[book]"`.
"""


def files(assignment: str = "") -> Files:
    """Return a copy for students, proved to have no solution.

    Args:
        assignment: whose exercises are in it; empty for the whole course.

    Raises:
        ReleaseError: there is no such assignment, or the copy would show a solution.
        ModuleNotFoundError: hatchling is not installed.
    """
    copy = unproved(assignment)
    proof.prove(copy)
    return copy


def unproved(assignment: str) -> Files:
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
    copy |= _exercises(exercises) | _notebooks(exercises)
    copy["README.md"] = _readme(assignment, exercises, wheel, copy).encode()
    return copy


def _exercises(exercises: tuple[Exercise, ...]) -> Files:
    """Return a student's folder as `fmnist start` would leave it."""
    paths = workspace.sources(exercises)
    names = {path.relative_to(course.EXERCISES).as_posix(): path for path in paths}
    shipped = {name: workspace.content_of(path) for name, path in names.items()}
    files = {f"{FOLDER}/{name}": path.read_bytes() for name, path in names.items()}
    mark = f"{FOLDER}/{workspace.MARK}/shipped.json"
    return files | {mark: json.dumps(shipped, indent=2).encode() + b"\n"}


def _notebooks(exercises: tuple[Exercise, ...]) -> Files:
    """Return the notebooks of the phases, if they can be written here."""
    if any(importlib.util.find_spec(name) is None for name in FOR_NOTEBOOKS):
        return {}
    import nbformat

    from fmnist.book import notebooks

    return {
        f"notebooks/{phase}.ipynb": nbformat.writes(notebooks.notebook(phase)).encode() + b"\n"
        for phase in packing.phases_of(exercises)
    }


def title_of(assignment: str) -> str:
    """Return the heading of a release."""
    for entry in catalog.read().assignments:
        if entry.name == assignment:
            return f"{entry.name}: {entry.title}"
    return "Image Classification with Deep Learning"


def _readme(assignment: str, exercises: tuple[Exercise, ...], wheel: str, copy: Files) -> str:
    first = exercises[0]
    rows = [
        f"| `{exercise.name}`{' K' if exercise.keras else ''} | {exercise.points} | "
        f"{exercise.minutes} | {exercise.title} |"
        for exercise in exercises
    ]
    has_notebooks = any(name.startswith("notebooks/") for name in copy)
    return README.format(
        title=title_of(assignment),
        count=len(exercises),
        points=sum(exercise.points for exercise in exercises),
        minutes=sum(exercise.minutes for exercise in exercises),
        lock=LOCK,
        wheel=wheel,
        keras=KERAS.format(lock=KERAS_LOCK) if KERAS_LOCK in copy else "",
        folder=FOLDER,
        first=first.name,
        phase=first.phase,
        notebooks=NOTEBOOKS.format(wheel=wheel) if has_notebooks else "",
        table="\n".join(rows),
    )
