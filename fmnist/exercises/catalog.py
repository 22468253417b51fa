"""The exercises of the course, read from ``exercises/exercises.toml``.

An exercise is one function. Its files are found by its phase and its name:

    exercises/<phase>/<name>.py              the stub, which a student completes
    exercises/<phase>/test_<name>.py         the public checks
    solutions/<phase>/<name>.py              the reference
    solutions/<phase>/hidden_<name>.py       the hidden checks
    solutions/wrong/<phase>/<name>/*.py      wrong answers, each with the check that rejects it

Each phase ends with a project, which people mark: ``exercises/<phase>/project.md``.
"""

import ast
import difflib
import functools
import itertools
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from msgspec import Meta

from fmnist import course
from fmnist.course import PHASES
from fmnist.tools import toml_tables
from fmnist.tools.toml_tables import Entry

CATALOG = course.EXERCISES / "exercises.toml"
LADDER = ("worked", "faded", "free")
LINES = ("Misconception", "caught-by", "says")  # lines of a wrong answer's docstring

Phase = Annotated[str, toml_tables.one_of(*PHASES)]
AtLeastOne = Annotated[int, Meta(ge=1)]
Objectives = Annotated[tuple[str, ...], Meta(min_length=1)]


class CatalogError(toml_tables.TableError):
    """The catalogue is not as it must be, or has no such entry; the message says what to do."""


class Objective(Entry, frozen=True):
    """What a reader can do after a phase.

    Attributes:
        id: of one objective, unique in the course.
        phase: one of `PHASES`.
        text: Markdown that completes "After this phase you can".
    """

    id: str
    phase: Phase
    text: str


@dataclass(frozen=True)
class WrongAnswer:
    """An answer with a named misconception, and what its docstring promises.

    Attributes:
        path: of the file.
        misconception: its id; this and what follows is empty where the docstring does not say it.
        check: name of the check that rejects it, with its case.
        sentence: part of what its author must read.
    """

    path: Path
    misconception: str
    check: str
    sentence: str

    @property
    def name(self) -> str:
        """Of the file."""
        return self.path.name

    @property
    def missing(self) -> str:
        """The first line that its docstring lacks; empty if it has all."""
        promises = (self.misconception, self.check, self.sentence)
        return next((line for line, text in zip(LINES, promises, strict=True) if not text), "")


class Exercise(Entry, frozen=True):
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
    phase: Phase
    title: str
    ladder: Annotated[str, toml_tables.one_of(*LADDER)]
    points: AtLeastOne
    minutes: AtLeastOne
    imports: tuple[str, ...]
    seconds: AtLeastOne
    read: str
    objectives: Objectives
    after: tuple[str, ...]
    hints: tuple[str, str, str]

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
    def wrong_answers(self) -> list[WrongAnswer]:
        """Answers with a named misconception, in the order of their files' names."""
        folder = course.SOLUTIONS / "wrong" / self.phase / self.name
        return [_wrong_answer(path) for path in sorted(folder.glob("*.py"))]


class Project(Entry, frozen=True):
    """An open task that people mark with a rubric.

    Attributes:
        phase: one of `PHASES`, each of which has one project.
        title: a short question or task.
        points: what a full answer earns.
        minutes: what a student needs, by the author's estimate.
        objectives: ids of what it practises, at least one.
    """

    phase: Phase
    title: str
    points: AtLeastOne
    minutes: AtLeastOne
    objectives: Objectives

    @property
    def task(self) -> Path:
        """Task and rubric, in Markdown."""
        return course.EXERCISES / self.phase / "project.md"


class Assignment(Entry, frozen=True):
    """A named set of exercises, to be handed in together.

    Attributes:
        name: for the command line.
        title: for people.
        exercises: names, in the order in which they are to be solved.
    """

    name: str
    title: str
    exercises: tuple[str, ...]


class Catalog(Entry, frozen=True, rename=lambda name: name.removesuffix("s")):
    """All that the file says, each in its order; there, tables have names in the singular."""

    objectives: tuple[Objective, ...] = ()
    exercises: tuple[Exercise, ...] = ()
    projects: tuple[Project, ...] = ()
    assignments: tuple[Assignment, ...] = ()


@functools.cache
def read(path: Path = CATALOG) -> Catalog:
    """Return the catalogue.

    Raises:
        TableError: the file cannot be read, see `toml_tables.read`; a name is used twice or leads
            nowhere; an exercise comes after one that does not stand before it.
    """
    catalog = toml_tables.read(path, Catalog)
    toml_tables.by_name(path, catalog.objectives, "id")
    toml_tables.by_name(path, catalog.exercises, "name")
    toml_tables.by_name(path, catalog.projects, "phase")
    toml_tables.by_name(path, catalog.assignments, "name")
    _check_links(catalog)
    return catalog


def load(path: Path = CATALOG) -> tuple[Exercise, ...]:
    """Return all exercises in the order of the file.

    Raises:
        TableError: see `read`.
    """
    return read(path).exercises


def find(name: str) -> Exercise:
    """Return the exercise called `name`.

    Raises:
        CatalogError: there is none; the message lists the nearest names, or all.
    """
    exercises = {exercise.name: exercise for exercise in load()}
    if name not in exercises:
        known = difflib.get_close_matches(name, exercises, n=3) or exercises
        raise CatalogError(f"There is no exercise {name!r}. Choose one of: {', '.join(known)}.")
    return exercises[name]


def exercises_of(assignment: str) -> tuple[Exercise, ...]:
    """Return the exercises of an assignment, in its own order.

    Raises:
        CatalogError: there is none of that name; the message lists the names.
    """
    known = {entry.name: entry for entry in read().assignments}
    if assignment not in known:
        raise CatalogError(f"There is no assignment {assignment!r}; choose: {', '.join(known)}.")
    return tuple(find(name) for name in known[assignment].exercises)


def named(name: str) -> tuple[Exercise, ...]:
    """Return the exercises that a name means.

    Args:
        name: of an assignment; of a phase, also in short, as in "phase1"; of an exercise or its
            file.

    Raises:
        CatalogError: it means none; the message lists the nearest names of exercises, or all.
    """
    if any(assignment.name == name for assignment in read().assignments):
        return exercises_of(name)
    for phase in PHASES:
        if name in (phase, phase.partition("_")[0]):
            return tuple(exercise for exercise in load() if exercise.phase == phase)
    return (find(Path(name).stem),)


def _check_links(catalog: Catalog) -> None:
    """Follow every name that an entry gives."""
    entries: tuple[Exercise | Project, ...] = (*catalog.exercises, *catalog.projects)
    for entry in entries:
        known = [one.id for one in catalog.objectives if one.phase == entry.phase]
        for objective in entry.objectives:
            if objective not in known:
                kind = "exercise" if isinstance(entry, Exercise) else "project"
                raise CatalogError(
                    f"exercises.toml, {kind} {getattr(entry, 'name', entry.phase)}: {entry.phase} "
                    f"has no objective {objective!r}; it has {', '.join(known) or 'none'}."
                )
    names: set[str] = set()
    for exercise in catalog.exercises:
        for name in exercise.after:
            if name not in names:
                raise CatalogError(
                    f"exercises.toml, exercise {exercise.name}: it comes after {name!r}, which "
                    "must stand before it in the file."
                )
        names.add(exercise.name)
    for assignment in catalog.assignments:
        for name in assignment.exercises:
            if name not in names:
                raise CatalogError(
                    f"exercises.toml, assignment {assignment.name}: there is no exercise {name!r}."
                )


def _wrong_answer(path: Path) -> WrongAnswer:
    try:
        docstring = ast.get_docstring(ast.parse(path.read_text("utf-8"))) or ""
    except (SyntaxError, ValueError):
        docstring = ""
    said = dict(line.split(": ", 1) for line in docstring.splitlines() if ": " in line)
    return WrongAnswer(path, *(said.get(key, "").strip() for key in LINES))


def fast_track(catalog: Catalog) -> tuple[Exercise, ...]:
    """Return the exercises of least minutes that practise every objective that any does.

    With an exercise come those that it says to do before.
    """
    track: tuple[Exercise, ...] = ()
    for phase in PHASES:
        of_phase = [exercise for exercise in catalog.exercises if exercise.phase == phase]
        tracks = [
            _with_prerequisites((*track, *choice), catalog)
            for size in range(len(of_phase) + 1)
            for choice in itertools.combinations(of_phase, size)
            if _practised(choice) == _practised(of_phase)
        ]
        track = min(tracks, key=lambda track: sum(exercise.minutes for exercise in track))
    return track


def _practised(exercises: Iterable[Exercise]) -> set[str]:
    return {objective for exercise in exercises for objective in exercise.objectives}


def _with_prerequisites(exercises: Iterable[Exercise], catalog: Catalog) -> tuple[Exercise, ...]:
    """Return exercises with those to do before, which stand before them, in the file's order."""
    names = {exercise.name for exercise in exercises}
    for exercise in reversed(catalog.exercises):
        if exercise.name in names:
            names.update(exercise.after)
    return tuple(exercise for exercise in catalog.exercises if exercise.name in names)
