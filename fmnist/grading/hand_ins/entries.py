"""Hand-ins on disk: who handed in what, and when; none is opened here.

A hand-in is a folder, an archive, a notebook or a file of Python that is called like its student,
or what Moodle, Canvas or Gradescope make of one, see `downloads`; `submissions` reads it.
"""

import os
import re
import unicodedata
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from fmnist.grading.hand_ins import archives, downloads
from fmnist.grading.hand_ins.downloads import Named
from fmnist.grading.hand_ins.roster import (
    CANVAS,
    GRADESCOPE,
    MOODLE,
    Roster,
    Student,
    same,
    why_no_id,
)
from fmnist.grading.hand_ins.roster import submitted as submitted_by_roster

MAX_WHY = 500  # characters
FIRST = datetime.min.replace(tzinfo=UTC)
PYTHON, NOTEBOOK = ".py", ".ipynb"
SUFFIXES = (*archives.SUFFIXES, NOTEBOOK, PYTHON)


class NoSubmissions(Exception):
    """The folder does not hold what the grader needs; the message says what to do."""


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


@dataclass(frozen=True)
class _Found:
    """A folder or file whose student is known."""

    student: str
    named: Named
    path: Path


def find(folder: Path, roster: Roster | None = None) -> HandedIn:
    """Return the hand-ins in a folder.

    Args:
        folder: with one hand-in per student, or what Moodle, Canvas or Gradescope let download.
        roster: of the class; without it a student is called as the hand-in says.

    Raises:
        NoSubmissions: `folder` is missing or holds none; two hand-ins are of one student and no
            attempts, or of students whose names some file systems cannot tell apart; one could be
            of several students.
    """
    if folder.is_file():
        raise NoSubmissions(f"{folder} is a file; unpack it and give the folder.")
    if not folder.is_dir():
        raise NoSubmissions(
            f"There is no folder {folder}; give one that holds a folder per student."
        )
    skipped: dict[str, str] = {}
    finder = downloads.Finder(roster) if roster else None
    by_student: dict[str, list[_Found]] = {}
    try:
        for path, named in _named(folder, skipped):
            student, reason = _student(path, named, finder)
            if reason:
                skipped[path.name] = reason
            else:
                by_student.setdefault(student, []).append(_Found(student, named, path))
    except downloads.NotUsable as error:
        raise NoSubmissions(str(error)) from None
    _check_names(by_student)
    students = {student.id: student for student in (roster.students if roster else ())}
    entries = [
        entry
        for student in sorted(by_student)
        for entry in _entries(by_student[student], students.get(student))
    ]
    if not entries:
        why = "".join(f" {name!r} is skipped: {reason}." for name, reason in skipped.items())
        raise NoSubmissions(
            f"{folder} holds no submission; expected one per student: {folder}/ada/, or ada.zip, "
            f"ada.ipynb, ada.py.{why[:MAX_WHY]}"
        )
    missing = tuple(student for student in students if student not in by_student)
    return HandedIn(tuple(entries), skipped, missing)


def _named(folder: Path, skipped: dict[str, str]) -> list[tuple[Path, Named]]:
    """Return what can be a hand-in, once for each of its students; tell of the rest."""
    paths = []
    for path in sorted(folder.iterdir()):
        reason = _reason_to_skip(path)
        if reason:
            skipped[path.name] = reason
        elif path.name != downloads.METADATA:
            paths.append(path)
    if not os.path.lexists(folder / downloads.METADATA):
        return [
            (path, downloads.named(path.name, is_folder=path.is_dir()) or Named("", _stem(path)))
            for path in paths
        ]
    known = downloads.gradescope(folder)
    there = {path.name for path in paths}
    for path in paths:
        if not known.get(path.name):
            skipped[path.name] = f"{downloads.METADATA} names no student of it"
    for name in known.keys() - there - skipped.keys():
        skipped[name] = f"{downloads.METADATA} names it, and it is not there"
    return [(path, named) for path in paths for named in known.get(path.name, ())]


def _reason_to_skip(path: Path) -> str:
    """Return why an entry of the folder is no submission; empty if it can be one."""
    if path.is_symlink():
        return "a link, not a folder or file of its own"
    if path.name.startswith(archives.HIDDEN) or path.name == "__MACOSX":
        return "hidden"
    if not path.name.isprintable():
        return "its name has characters that cannot be printed"
    if downloads.is_text(path.name):
        return "typed into a form, not handed in as a file"
    if path.is_dir() or path.name == downloads.METADATA:
        return ""
    if not path.is_file() or not path.name.lower().endswith(SUFFIXES):
        return "not a folder, an archive, a notebook or a file of Python"
    return ""


def _stem(path: Path) -> str:
    """Return the name without what says of which kind the file is."""
    if path.is_dir():
        return path.name
    suffix = max((one for one in SUFFIXES if path.name.lower().endswith(one)), key=len)
    return path.name[: -len(suffix)]


def _student(path: Path, named: Named, finder: downloads.Finder | None) -> tuple[str, str]:
    """Return the id of a student, or why it cannot be told.

    Raises:
        NotUsable: it could be of several.
    """
    if finder is None:
        id_ = unicodedata.normalize("NFC", named.id)
        reason = why_no_id(id_)
        return id_, f"its student cannot be called so: {reason}" if reason else ""
    try:
        student = finder.student(named)
    except downloads.NotUsable as error:
        raise downloads.NotUsable(f"{path.name!r} {error}.") from None
    return (student.id, "") if student else ("", "nobody on the roster is called so")


def _check_names(by_student: dict[str, list[_Found]]) -> None:
    """Refuse ids that some file systems cannot tell apart."""
    first: dict[str, str] = {}
    for student, found in by_student.items():
        other = first.setdefault(same(student), student)
        if other != student:
            raise NoSubmissions(
                f"{by_student[other][0].path.name!r} and {found[0].path.name!r} cannot be told "
                "apart on every computer; rename one, or remove it if they are of one student."
            )


def _entries(found: list[_Found], student: Student | None) -> list[Entry]:
    """Return the attempts of a student.

    Raises:
        NoSubmissions: they are no attempts.
    """
    systems = {one.named.system for one in found}
    loose = all(one.named.file for one in found)
    if systems == {CANVAS}:
        attempts = _attempts_of_canvas(found)
    elif systems == {GRADESCOPE}:
        ordered = sorted(found, key=lambda one: (one.named.submitted or FIRST, _natural(one.path)))
        attempts = {number: [one] for number, one in enumerate(ordered, start=1)}
    elif len(found) == 1 or (systems == {MOODLE} and loose):
        attempts = {1: found}
    else:
        raise NoSubmissions(
            f"{found[0].path.name!r} and {found[1].path.name!r} are both of the student "
            f"{found[0].student!r}; keep one."
        )
    last = max(attempts)
    entries = []
    for number, parts in sorted(attempts.items()):
        time = parts[0].named.submitted
        if time is None and student and number == last:  # a roster knows of one time
            time = submitted_by_roster(student)
        paths = tuple(one.path for one in parts)
        entries.append(Entry(found[0].student, paths, number, time))
    return entries


def _attempts_of_canvas(found: list[_Found]) -> dict[int, list[_Found]]:
    """Return the files of each attempt; what was not handed in again counts as it was."""
    by_file: dict[str, list[_Found]] = {}
    for one in found:
        by_file.setdefault(one.named.file, []).append(one)
    numbers = {one.named.again for one in found}
    if all(len(versions) == 1 for versions in by_file.values()):
        numbers = {max(numbers)}  # one hand-in, of which some files are new
    attempts = {}
    for number in numbers:
        parts = []
        for versions in by_file.values():
            until = [one.named.again for one in versions if one.named.again <= number]
            parts += [one for one in versions if until and one.named.again == max(until)]
        attempts[number + 1] = sorted(parts, key=lambda one: one.path.name)
    return attempts


def _natural(path: Path) -> list[tuple[int, str]]:
    """Return what sorts submission_9 before submission_10."""
    return [
        (int(part), "") if part.isdecimal() else (0, part) for part in re.split(r"(\d+)", path.name)
    ]
