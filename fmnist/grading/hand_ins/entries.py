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

from fmnist.grading.hand_ins import downloads, names
from fmnist.grading.hand_ins.downloads import Label, NoSubmissions
from fmnist.grading.hand_ins.roster import CANVAS, GRADESCOPE, MOODLE, Roster, Student
from fmnist.tools import results_folders

MAX_WHY = 500  # characters
FIRST = datetime.min.replace(tzinfo=UTC)


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


def find(folder: Path, roster: Roster | None = None, *, results: Path | None = None) -> HandedIn:
    """Return the hand-ins in a folder.

    Args:
        folder: with one hand-in per student, or what Moodle, Canvas or Gradescope let download.
        roster: of the class; without it a student is called as the hand-in says.
        results: folder for those of this class, which may lie among the hand-ins and is none.

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
    by_student = _by_student(_labels(folder, skipped, results), roster, skipped)
    students = {student.id: student for student in (roster.students if roster else ())}
    entries = [
        entry
        for id_ in sorted(by_student)
        for entry in _entries(id_, by_student[id_], students.get(id_))
    ]
    if not entries:
        why = "".join(f" {name!r} is skipped: {reason}." for name, reason in skipped.items())
        raise NoSubmissions(
            f"{folder} holds no submission; expected one per student: {folder}/ada/, or ada.zip, "
            f"ada.ipynb, ada.py.{why[:MAX_WHY]}"
        )
    missing = tuple(id_ for id_ in students if id_ not in by_student)
    return HandedIn(tuple(entries), skipped, missing)


def _labels(folder: Path, skipped: dict[str, str], results: Path | None) -> list[Label]:
    """Return what can be a hand-in, once for each of its students; tell of the rest."""
    paths = []
    for path in sorted(folder.iterdir()):
        reason = _reason_to_skip(path, results)
        if reason:
            skipped[path.name] = reason
        elif path.name != downloads.METADATA:
            paths.append(path)
    if not os.path.lexists(folder / downloads.METADATA):
        return [downloads.label_of(path, is_folder=path.is_dir()) for path in paths]
    known = downloads.gradescope(folder)
    there = {path.name for path in paths}
    for path in paths:
        if not known.get(path.name):
            skipped[path.name] = f"{downloads.METADATA} names no student of it"
    for name in [name for name in known if name not in there and name not in skipped]:
        skipped[name] = f"{downloads.METADATA} names it, and it is not there"
    return [label for path in paths for label in known.get(path.name, ())]


def _reason_to_skip(path: Path, results: Path | None) -> str:
    """Return why an entry of the folder is no submission; empty if it can be one."""
    if path.is_symlink():
        return "a link, not a folder or file of its own"
    if path.name.startswith(names.HIDDEN) or path.name == "__MACOSX":
        return "hidden"
    if not path.name.isprintable():
        return "its name has characters that cannot be printed"
    if downloads.is_text(path.name):
        return "typed into a form, not handed in as a file"
    is_results = results is not None and results.resolve().is_relative_to(path.resolve())
    if path.is_dir() and (is_results or results_folders.is_marked(path)):
        return "results of fmnist grade, not a hand-in"
    if path.is_dir() or path.name == downloads.METADATA:
        return ""
    if not path.is_file() or not path.name.lower().endswith(names.SUFFIXES):
        return "not a folder, an archive, a notebook or a file of Python"
    return ""


def _by_student(
    labels: list[Label], roster: Roster | None, skipped: dict[str, str]
) -> dict[str, list[Label]]:
    """Return the labels by id of their student; tell of those that are nobody's.

    Raises:
        NoSubmissions: one could be of several students, or some file systems cannot tell two apart.
    """
    finder = downloads.Finder(roster) if roster else None
    by_student: dict[str, list[Label]] = {}
    for label in labels:
        if finder:
            id_ = finder.student(label)
            reason = "" if id_ else "nobody on the roster is called so"
        else:
            id_ = unicodedata.normalize("NFC", label.id)
            why = names.why_no_id(id_)
            reason = f"its student cannot be called so: {why}" if why else ""
        if reason:
            skipped[label.path.name] = reason
        else:
            by_student.setdefault(id_, []).append(label)
    first: dict[str, str] = {}
    for id_, own in by_student.items():
        other = first.setdefault(names.same(id_), id_)
        if other != id_:
            raise NoSubmissions(
                f"{by_student[other][0].path.name!r} and {own[0].path.name!r} cannot be told "
                "apart on every computer; rename one, or remove it if they are of one student."
            )
    return by_student


def _entries(id_: str, labels: list[Label], student: Student | None) -> list[Entry]:
    """Return the attempts of a student.

    Raises:
        NoSubmissions: they are no attempts.
    """
    systems = {label.system for label in labels}
    if systems == {CANVAS}:
        attempts = _attempts_of_canvas(labels)
    elif systems == {GRADESCOPE}:
        ordered = sorted(labels, key=lambda label: (label.submitted or FIRST, _natural(label.path)))
        attempts = {number: [label] for number, label in enumerate(ordered, start=1)}
    elif len(labels) == 1 or (systems == {MOODLE} and all(label.file for label in labels)):
        attempts = {1: labels}
    else:
        raise NoSubmissions(
            f"{labels[0].path.name!r} and {labels[1].path.name!r} are both of the student "
            f"{id_!r}; keep one."
        )
    last = max(attempts)
    entries = []
    for number, parts in sorted(attempts.items()):
        time = parts[0].submitted
        if time is None and student and number == last:  # a roster knows of one time
            time = student.submitted
        entries.append(Entry(id_, tuple(label.path for label in parts), number, time))
    return entries


def _attempts_of_canvas(labels: list[Label]) -> dict[int, list[Label]]:
    """Return the files of each attempt; what was not handed in again counts as it was."""
    numbers = {label.again for label in labels}
    if len({label.file for label in labels}) == len(labels):
        numbers = {max(numbers)}  # one hand-in, of which some files are new
    attempts = {}
    for number in numbers:
        versions: dict[str, int] = {}  # of each file the last one so far
        for label in labels:
            if versions.get(label.file, 0) <= label.again <= number:
                versions[label.file] = label.again
        attempts[number + 1] = [
            label for label in labels if versions.get(label.file) == label.again
        ]
    return attempts


def _natural(path: Path) -> list[tuple[int, str]]:
    """Return what sorts submission_9 before submission_10."""
    return [
        (int(part), "") if part.isdecimal() else (0, part) for part in re.split(r"(\d+)", path.name)
    ]
