"""Submissions on disk: one folder per student, of which only the expected files are read."""

import os
import tempfile
import zipfile
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from fmnist.answer import faults
from fmnist.answer.source import read_source
from fmnist.exercises.catalog import Exercise
from fmnist.grading.roster import Roster

MAX_NAME = 100  # bytes: it names files, too
MAX_OTHERS = 1000
MAX_DEPTH = 20  # folders in a submission


class NoSubmissions(Exception):
    """The folder does not hold what the grader needs; the message says what to do."""


@dataclass(frozen=True)
class Submission:
    """What one student handed in.

    Attributes:
        student: id under which the marks are kept.
        sources: text of each answer, by name of the exercise.
        unreadable: why a file cannot be used, by name of the exercise.
        ignored: files that the grader did not ask for, relative to the folder, sorted.
        attempt: number of the hand-in, from 1.
        submitted: when it was handed in, in UTC; None if nobody knows.
    """

    student: str
    sources: dict[str, str]
    unreadable: dict[str, faults.NotLoaded]
    ignored: tuple[str, ...]
    attempt: int = 1
    submitted: datetime | None = None


@dataclass(frozen=True)
class Entry:
    """One hand-in, found and not yet read.

    Attributes:
        student: id under which the marks are kept.
        paths: a folder, an archive, a notebook or a file of Python; or several loose files.
        attempt: number of the hand-in, from 1.
        submitted: when it was handed in, in UTC; None if nobody knows.
    """

    student: str
    paths: tuple[Path, ...]
    attempt: int = 1
    submitted: datetime | None = None


@dataclass(frozen=True)
class HandedIn:
    """What a folder of submissions holds.

    Attributes:
        entries: sorted by student, then by attempt.
        skipped: for each name in the folder that is no hand-in the reason.
        missing: ids of the roster's students of whom there is none.
    """

    entries: tuple[Entry, ...]
    skipped: dict[str, str]
    missing: tuple[str, ...]


def find(folder: Path, roster: Roster | None = None) -> HandedIn:
    """Return the hand-ins in a folder.

    Raises:
        NoSubmissions: `folder` is missing, or holds none.
    """
    if not folder.is_dir():
        raise NoSubmissions(
            f"There is no folder {folder}; give one that holds a folder per student."
        )
    entries, skipped = [], {}
    for path in sorted(folder.iterdir()):
        reason = _reason_to_skip(path)
        if reason:
            skipped[path.name] = reason
        else:
            entries.append(Entry(path.name, (path,)))
    if not entries:
        raise NoSubmissions(f"{folder} holds no folder; expected one per student: {folder}/ada/.")
    there = {entry.student for entry in entries}
    students = roster.students if roster else ()
    missing = tuple(student.id for student in students if student.id not in there)
    return HandedIn(tuple(entries), skipped, missing)


def read(entry: Entry, exercises: tuple[Exercise, ...]) -> Submission:
    """Return what a student handed in."""
    found = _read(entry.paths[0], exercises)
    return replace(
        found, student=entry.student, attempt=entry.attempt, submitted=entry.submitted
    )


def read_packed(archive: Path, exercises: tuple[Exercise, ...]) -> Submission:
    """Return what a grader finds in an archive that `fmnist pack` wrote a moment ago."""
    with tempfile.TemporaryDirectory() as folder, zipfile.ZipFile(archive) as packed:
        packed.extractall(folder)
        return _read(Path(folder), exercises)


def _reason_to_skip(path: Path) -> str:
    """Return why an entry of the folder is no submission; empty if it is one."""
    if path.is_symlink() or not path.is_dir():
        return "not a folder of its own"
    if path.name.startswith("."):
        return "hidden"
    if not path.name.isprintable():
        return "its name has characters that cannot be printed"
    if len(path.name.encode("utf-8", "replace")) > MAX_NAME:
        return f"its name is longer than {MAX_NAME} bytes"
    return ""


def _read(folder: Path, exercises: tuple[Exercise, ...]) -> Submission:
    sources, unreadable, used = {}, {}, set()
    for exercise in exercises:
        file = f"{exercise.name}.py"
        for path in (folder / exercise.phase / file, folder / file):
            if path.parent.is_symlink():  # it could lead out of the submission
                continue
            try:
                sources[exercise.name] = read_source(path)
            except faults.Missing:
                continue
            except faults.NotLoaded as fault:
                unreadable[exercise.name] = fault
            used.add(path)
            break
    return Submission(folder.name, sources, unreadable, _others(folder, used))


def _others(folder: Path, used: set[Path]) -> tuple[str, ...]:
    """Return the files that nobody asked for; of very many, the first."""
    found: list[str] = []
    for place, folders, files in os.walk(folder):
        links = [name for name in folders if (Path(place) / name).is_symlink()]
        paths = [Path(place) / name for name in (*files, *links)]
        found += [path.relative_to(folder).as_posix() for path in paths if path not in used]
        if len(found) > MAX_OTHERS or place.count("/") > MAX_DEPTH + str(folder).count("/"):
            break
    return tuple(sorted(found)[:MAX_OTHERS])
