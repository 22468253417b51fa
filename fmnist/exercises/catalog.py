"""The exercises of the course, read from ``exercises/exercises.toml``.

An exercise is one function. Its files are found by its phase and its name:

    exercises/<phase>/<name>.py              the stub, which a student completes
    exercises/<phase>/test_<name>.py         the public checks
    solutions/<phase>/<name>.py              the reference
    solutions/<phase>/hidden_<name>.py       the hidden checks
    solutions/wrong/<phase>/<name>/*.py      wrong answers, each with the check that rejects it

Each phase ends with a project, which people mark: ``exercises/<phase>/project.md``.
"""

import difflib
import functools
import itertools
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, TypeVar

from fmnist import course
from fmnist.course import PHASES

CATALOG = course.EXERCISES / "exercises.toml"
LADDER = ("worked", "faded", "free")
HINTS = 3  # nudge, pointer, almost there


@dataclass(frozen=True)
class Objective:
    """What a reader can do after a phase.

    Attributes:
        id: of one objective, unique in the course.
        phase: one of `PHASES`.
        text: Markdown that completes "After this phase you can".
    """

    id: str
    phase: str
    text: str


@dataclass(frozen=True)
class Exercise:
    """One entry of the catalogue.

    Attributes:
        name: of the function, and stem of its files.
        phase: one of `PHASES`.
        title: a short question or task.
        ladder: "worked": a worked example of the same kind stands in the stub; "faded": the body
            has gaps; "free": there is the signature alone.
        points: what a full answer earns.
        minutes: what a student needs, by the author's estimate.
        imports: packages that an answer may import besides Python's own harmless modules.
        seconds: wall time that one call may take when it is graded.
        read: label of the section that explains the idea.
        objectives: ids of what it practises, at least one.
        after: names of exercises to do before.
        hints: a nudge, a pointer, almost the answer.
    """

    name: str
    phase: str
    title: str
    ladder: str
    points: int
    minutes: int
    imports: tuple[str, ...]
    seconds: int
    read: str
    objectives: tuple[str, ...]
    after: tuple[str, ...]
    hints: tuple[str, ...]

    @property
    def keras(self) -> bool:
        """Whether an answer needs TensorFlow, which takes seconds to import."""
        return "keras" in self.imports

    @property
    def plain(self) -> bool:
        """Whether an answer is written for Python's own sequences, without NumPy."""
        return not self.imports

    @property
    def number(self) -> str:
        """Its phase and its place in it, as in "4.2"."""
        of_phase = [one.name for one in load() if one.phase == self.phase]
        return f"{PHASES.index(self.phase) + 1}.{of_phase.index(self.name) + 1}"

    @property
    def stub(self) -> Path:
        """The file that a student completes."""
        return course.EXERCISES / self.phase / f"{self.name}.py"

    @property
    def public_checks(self) -> Path:
        """The checks that a student sees."""
        return course.EXERCISES / self.phase / f"test_{self.name}.py"

    @property
    def reference(self) -> Path:
        """The model answer."""
        return course.SOLUTIONS / self.phase / f"{self.name}.py"

    @property
    def hidden_checks(self) -> Path:
        """The checks that only the grader runs."""
        return course.SOLUTIONS / self.phase / f"hidden_{self.name}.py"

    @property
    def wrong_answers(self) -> list[Path]:
        """Answers with a named misconception."""
        return sorted((course.SOLUTIONS / "wrong" / self.phase / self.name).glob("*.py"))


@dataclass(frozen=True)
class Project:
    """An open task that people mark with a rubric.

    Attributes:
        phase: one of `PHASES`, each of which has one project.
        title: a short question or task.
        points: what a full answer earns.
        minutes: what a student needs, by the author's estimate.
        objectives: ids of what it practises, at least one.
    """

    phase: str
    title: str
    points: int
    minutes: int
    objectives: tuple[str, ...]

    @property
    def task(self) -> Path:
        """Task and rubric, in Markdown."""
        return course.EXERCISES / self.phase / "project.md"


@dataclass(frozen=True)
class Assignment:
    """A named set of exercises, to be handed in together.

    Attributes:
        name: for the command line.
        title: for people.
        exercises: names, in the order in which they are to be solved.
    """

    name: str
    title: str
    exercises: tuple[str, ...]


class CatalogError(Exception):
    """The catalogue is not as it must be; the message names the entry and the mend."""


@dataclass(frozen=True)
class Catalog:
    """All that the file says, each in its order."""

    objectives: tuple[Objective, ...]
    exercises: tuple[Exercise, ...]
    projects: tuple[Project, ...]
    assignments: tuple[Assignment, ...]


# The tables of the file, and the key of each by which an entry is known.
KINDS = {"objective": "id", "exercise": "name", "project": "phase", "assignment": "name"}


@functools.cache
def read(path: Path = CATALOG) -> Catalog:
    """Return the catalogue.

    Raises:
        CatalogError: the file is missing or not TOML; an entry has a missing, unknown or ill-typed
            key or an unknown phase; a name is used twice or leads nowhere; exercises wait for each
            other in a circle.
    """
    document = read_toml(path)
    for kind in document.keys() - KINDS.keys():
        raise CatalogError(f"{path.name}: unknown table {kind!r}; known are {', '.join(KINDS)}.")
    found = Catalog(
        objectives=_entries(document, "objective", Objective),
        exercises=_entries(document, "exercise", Exercise),
        projects=_entries(document, "project", Project),
        assignments=_entries(document, "assignment", Assignment),
    )
    _check_links(found)
    return found


def read_toml(path: Path) -> dict[str, Any]:
    """Return a data file of the course.

    Raises:
        CatalogError: it is missing or not TOML.
    """
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        raise CatalogError(f"{path} is missing; run this in a checkout of the course.") from None
    except tomllib.TOMLDecodeError as error:
        raise CatalogError(f"{path.name} is not TOML: {error}.") from None


def load(path: Path = CATALOG) -> tuple[Exercise, ...]:
    """Return all exercises in the order of the file.

    Raises:
        CatalogError: see `read`.
    """
    return read(path).exercises


def find(name: str) -> Exercise:
    """Return the exercise called `name`.

    Raises:
        CatalogError: there is none; the message lists the names.
    """
    exercises = load()
    for exercise in exercises:
        if exercise.name == name:
            return exercise
    near = difflib.get_close_matches(name, [exercise.name for exercise in exercises], n=3)
    known = near or [exercise.name for exercise in exercises]
    raise CatalogError(f"There is no exercise {name!r}. Choose one of: {', '.join(known)}.")


Entry = TypeVar("Entry", Objective, Exercise, Project, Assignment)


def _entries(document: dict[str, Any], kind: str, of: type[Entry]) -> tuple[Entry, ...]:
    key = KINDS[kind]
    found: dict[str, Entry] = {}
    for number, entry in enumerate(document.get(kind, []), start=1):
        one = _entry(entry, of, f"exercises.toml, {kind} {number} ({entry.get(key, 'no ' + key)})")
        name = getattr(one, key)
        if name in found:
            raise CatalogError(f"exercises.toml: two {kind}s are called {name!r}; rename one.")
        found[name] = one
    return tuple(found.values())


def _entry(entry: dict[str, Any], of: type[Entry], where: str) -> Entry:
    wanted: dict[str, Any] = {field.name: field.type for field in fields(of)}
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
        if expected is list and not all(type(one) is str for one in entry[key]):
            raise CatalogError(f"{where}: {key} must be a list of texts, received {entry[key]!r}.")
    for key, allowed in (("phase", PHASES), ("ladder", LADDER)):
        if key in entry and entry[key] not in allowed:
            raise CatalogError(f"{where}: {key} must be one of {', '.join(allowed)}.")
    for key in ("points", "minutes", "seconds"):
        if key in entry and entry[key] < 1:
            raise CatalogError(f"{where}: {key} must be at least 1, received {entry[key]}.")
    if "hints" in entry and len(entry["hints"]) != HINTS:
        raise CatalogError(
            f"{where}: {HINTS} hints are expected (a nudge, a pointer, almost the answer), "
            f"received {len(entry['hints'])}."
        )
    lists = {key: tuple(value) for key, value in entry.items() if type(value) is list}
    return of(**entry | lists)


def _check_links(found: Catalog) -> None:
    """Follow every name that an entry gives."""
    objectives = {one.id: one.phase for one in found.objectives}
    done: set[str] = set()
    for exercise in found.exercises:
        where = f"exercises.toml, exercise {exercise.name}"
        _check_objectives(exercise, where, objectives)
        for name in exercise.after:
            if name not in done:
                raise CatalogError(
                    f"{where}: it comes after {name!r}, which must stand before it in the file."
                )
        done.add(exercise.name)
    for project in found.projects:
        _check_objectives(project, f"exercises.toml, project {project.phase}", objectives)
    for assignment in found.assignments:
        for name in assignment.exercises:
            if name not in done:
                raise CatalogError(
                    f"exercises.toml, assignment {assignment.name}: there is no exercise {name!r}."
                )


def _check_objectives(one: Exercise | Project, where: str, objectives: dict[str, str]) -> None:
    if not one.objectives:
        raise CatalogError(f"{where}: name at least one objective.")
    for objective in one.objectives:
        if objectives.get(objective) != one.phase:
            known = ", ".join(id_ for id_, phase in objectives.items() if phase == one.phase)
            raise CatalogError(
                f"{where}: {one.phase} has no objective {objective!r}; it has {known or 'none'}."
            )


def fast_track(found: Catalog) -> tuple[Exercise, ...]:
    """Return the exercises of least minutes that practise every objective that any does.

    With an exercise come those that it says to do before.
    """
    needed: dict[str, Exercise] = {}
    by_name = {exercise.name: exercise for exercise in found.exercises}
    for phase in PHASES:
        of_phase = [exercise for exercise in found.exercises if exercise.phase == phase]
        objectives = {id_ for exercise in of_phase for id_ in exercise.objectives}
        best: dict[str, Exercise] | None = None
        for size in range(len(of_phase) + 1):
            for chosen in itertools.combinations(of_phase, size):
                if {id_ for exercise in chosen for id_ in exercise.objectives} != objectives:
                    continue
                closed = needed | _with_prerequisites(chosen, by_name)
                if best is None or _minutes(closed) < _minutes(best):
                    best = closed
        needed = best or needed
    return tuple(exercise for exercise in found.exercises if exercise.name in needed)


def _with_prerequisites(
    chosen: Iterable[Exercise], by_name: dict[str, Exercise]
) -> dict[str, Exercise]:
    found: dict[str, Exercise] = {}
    waiting = list(chosen)
    while waiting:
        exercise = waiting.pop()
        found[exercise.name] = exercise
        waiting += [by_name[name] for name in exercise.after if name not in found]
    return found


def _minutes(exercises: dict[str, Exercise]) -> int:
    return sum(exercise.minutes for exercise in exercises.values())
