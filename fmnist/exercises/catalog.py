"""The exercises of the course, read from ``exercises/exercises.toml``.

An exercise is one function. Its files are found by its phase and its name:

    exercises/<phase>/<name>.py              the stub, which a student completes
    exercises/<phase>/test_<name>.py         the public checks
    solutions/<phase>/<name>.py              the reference
    solutions/<phase>/hidden_<name>.py       the hidden checks
    solutions/wrong/<phase>/<name>/*.py      wrong answers, each with the check that rejects it
"""

import functools
import tomllib
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]  # the checkout: fmnist is installed in place
EXERCISES = ROOT / "exercises"
SOLUTIONS = ROOT / "solutions"

PHASES = (
    "phase1_explore",
    "phase2_preprocess",
    "phase3_design",
    "phase4_train",
    "phase5_evaluate",
    "phase6_improve",
)


@dataclass(frozen=True)
class Exercise:
    """One entry of the catalogue.

    Attributes:
        name: of the function, and stem of its files.
        phase: one of `PHASES`.
        title: a short question or task.
        points: what a full answer earns.
        minutes: what a student needs, by the author's estimate.
        imports: packages that an answer may import besides Python's own harmless modules.
        seconds: wall time that one call may take when it is graded.
        read: label of the section that explains the idea.
        hints: from a nudge to almost the answer.
    """

    name: str
    phase: str
    title: str
    points: int
    minutes: int
    imports: tuple[str, ...]
    seconds: int
    read: str
    hints: tuple[str, ...]

    @property
    def keras(self) -> bool:
        """Whether an answer needs TensorFlow, which takes seconds to import."""
        return "keras" in self.imports

    @property
    def stub(self) -> Path:
        """The file that a student completes."""
        return EXERCISES / self.phase / f"{self.name}.py"

    @property
    def public_checks(self) -> Path:
        """The checks that a student sees."""
        return EXERCISES / self.phase / f"test_{self.name}.py"

    @property
    def reference(self) -> Path:
        """The model answer."""
        return SOLUTIONS / self.phase / f"{self.name}.py"

    @property
    def hidden_checks(self) -> Path:
        """The checks that only the grader runs."""
        return SOLUTIONS / self.phase / f"hidden_{self.name}.py"

    @property
    def wrong_answers(self) -> list[Path]:
        """Answers with a named misconception."""
        return sorted((SOLUTIONS / "wrong" / self.phase / self.name).glob("*.py"))


class CatalogError(Exception):
    """The catalogue is not as it must be; the message names the entry and the mend."""


@functools.cache
def load(path: Path = EXERCISES / "exercises.toml") -> tuple[Exercise, ...]:
    """Return all exercises in the order of the file.

    Raises:
        CatalogError: the file is missing or not TOML, or an entry has a missing, unknown or
            ill-typed key, an unknown phase, or a name used before.
    """
    try:
        document = tomllib.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        raise CatalogError(f"{path} is missing; run this in a checkout of the course.") from None
    except tomllib.TOMLDecodeError as error:
        raise CatalogError(f"{path.name} is not TOML: {error}.") from None
    entries = document.get("exercise", [])
    exercises = tuple(_exercise(entry, number) for number, entry in enumerate(entries, start=1))
    names = [exercise.name for exercise in exercises]
    for name in names:
        if names.count(name) > 1:
            raise CatalogError(f"{path.name}: two exercises are called {name!r}; rename one.")
    return exercises


def find(name: str) -> Exercise:
    """Return the exercise called `name`.

    Raises:
        CatalogError: there is none; the message lists the names.
    """
    exercises = load()
    for exercise in exercises:
        if exercise.name == name:
            return exercise
    known = ", ".join(exercise.name for exercise in exercises)
    raise CatalogError(f"There is no exercise {name!r}. Choose one of: {known}.")


def _exercise(entry: dict, number: int) -> Exercise:
    where = f"exercises.toml, entry {number} ({entry.get('name', 'no name')})"
    wanted: dict[str, Any] = {field.name: field.type for field in fields(Exercise)}
    for key in wanted.keys() - entry.keys():
        raise CatalogError(f"{where}: the key {key!r} is missing.")
    for key in entry.keys() - wanted.keys():
        raise CatalogError(f"{where}: unknown key {key!r}; known are {', '.join(wanted)}.")
    for key, kind in wanted.items():
        expected = list if kind == tuple[str, ...] else kind
        if type(entry[key]) is not expected:
            raise CatalogError(
                f"{where}: {key} must be {expected.__name__}, received {entry[key]!r}."
            )
    if entry["phase"] not in PHASES:
        raise CatalogError(f"{where}: phase must be one of {', '.join(PHASES)}.")
    lists = {key: tuple(value) for key, value in entry.items() if type(value) is list}
    return Exercise(**entry | lists)
