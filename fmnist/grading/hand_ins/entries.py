"""Hand-ins on disk: who handed in what, and when; none is opened here.

A hand-in is a folder, an archive, a notebook or a file of Python that is called like its student,
or what Moodle, Canvas or Gradescope make of one, see `downloads`; `submissions` reads it. Whose it
is `owners` finds out. What cannot be told, whose a hand-in is or which of two is the newer, is
doubtful: it is told, none is taken, and the others are graded.
"""

import dataclasses
import os
import re
import unicodedata
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from fmnist.grading.hand_ins import downloads, names, owners
from fmnist.grading.hand_ins.downloads import Label, NoSubmissions
from fmnist.grading.hand_ins.roster import CANVAS, GRADESCOPE, MOODLE, Roster, Student
from fmnist.tools import results_folders

MAX_WHY = 500  # characters
MAX_NAMED = 5  # hand-ins in a sentence
WHOSE = "Nobody can tell whose a hand-in is that may be yours."
FIRST = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True)
class Entry:
    """One hand-in, found and not yet read.

    Attributes:
        student: id under which the marks are kept.
        paths: a folder, an archive, a notebook or a file of Python; or several loose files.
        attempt: number of the hand-in, from 1.
        submitted: when it was handed in, in UTC; None if nobody knows.
        said_late: what the system itself says on lateness; empty if it says nothing.
        doubt: for the student, why nobody can tell what counts, or whose it is; names nobody else;
            empty if that is known.
        root: folder above the paths, from which on nothing may be a link; by default the one that
            they are in.
    """

    student: str
    paths: tuple[Path, ...]
    attempt: int = 1
    submitted: datetime | None = None
    said_late: str = ""
    doubt: str = ""
    root: Path | None = None

    @property
    def below(self) -> Path:
        """The folder from which on nothing may be a link."""
        return self.root or self.paths[0].parent


@dataclass(frozen=True)
class HandedIn:
    """What a folder of submissions holds.

    Attributes:
        entries: sorted by student, then by attempt.
        skipped: for each name in the folder that is no hand-in the reason.
        missing: ids of the roster's students of whom there is none.
        doubtful: for each name in the folder that is a hand-in of one of several the reason.
    """

    entries: tuple[Entry, ...]
    skipped: dict[str, str]
    missing: tuple[str, ...]
    doubtful: dict[str, str] = field(default_factory=dict)


def find(folder: Path, roster: Roster | None = None, *, without: Collection[Path] = ()) -> HandedIn:
    """Return the hand-ins in a folder.

    Args:
        folder: with one hand-in per student, or what Moodle, Canvas or Gradescope let download,
            perhaps in a folder too many.
        roster: of the class; without it a student is called as the hand-in says.
        without: paths that are no hand-ins, such as that of the results. Folders that say that
            they hold results of another run are left out as well.

    Raises:
        NoSubmissions: `folder` is missing or holds none, or none of anybody on the roster.
    """
    if folder.is_file():
        raise NoSubmissions(f"{folder} is a file; unpack it and give the folder.")
    if not folder.is_dir():
        raise NoSubmissions(
            f"There is no folder {folder}; give one that holds a folder per student."
        )
    skipped: dict[str, str] = {}
    left_out = {path.resolve() for path in without}
    root = folder
    folder = _download(folder, roster, left_out)
    labels = _labels(folder, skipped, left_out)
    if roster:
        by_student, doubts, doubtful = _of_the_class(labels, roster, skipped)
    else:
        by_student, doubts = _as_they_are_called(labels, skipped)
        doubtful = {}
    students = {student.id: student for student in (roster.students if roster else ())}
    found: list[Entry] = []
    for id_ in sorted(by_student):
        own = by_student[id_]
        paths = tuple(sorted({label.path for label in own}))
        doubt, told = (WHOSE, doubts[id_]) if id_ in doubts else _doubt(own)
        if doubt:
            found.append(Entry(id_, paths, doubt=doubt))
            doubtful |= {path.name: told for path in paths}
        else:
            found += _entries(id_, own, students.get(id_))
    if not (found or doubtful):
        why = "".join(f" {name!r} is skipped: {reason}." for name, reason in skipped.items())
        raise NoSubmissions(
            f"{folder} holds no submission; expected one per student: {folder}/ada/, or ada.zip, "
            f"ada.ipynb, ada.py.{why[:MAX_WHY]}"
        )
    if roster:
        found += _unreadable(folder, roster, {*by_student}, skipped)
    there = {entry.student for entry in found}
    missing = tuple(id_ for id_ in students if id_ not in there)
    found.sort(key=lambda entry: (entry.student, entry.attempt))
    hand_ins = tuple(dataclasses.replace(entry, root=root) for entry in found)
    return HandedIn(hand_ins, skipped, missing, doubtful)


def _labels(folder: Path, skipped: dict[str, str], without: Collection[Path]) -> list[Label]:
    """Return what can be a hand-in, once for each of its students; tell of the rest."""
    paths = []
    for path in sorted(folder.iterdir()):
        reason = _reason_to_skip(path, without)
        if reason:
            skipped[path.name] = reason
        elif path.name != downloads.METADATA:
            paths.append(path)
    if not os.path.lexists(folder / downloads.METADATA):
        return [downloads.label_of(path, is_folder=path.is_dir()) for path in paths]
    # PyYAML comes with what a grader installs, and a student's `fmnist pack` comes by here, too.
    from fmnist.grading.hand_ins import gradescope_export

    known = gradescope_export.labels(folder)
    there = {path.name for path in paths}
    for path in paths:
        if not known.get(path.name):
            skipped[path.name] = f"{downloads.METADATA} names no student of it"
    for name in [name for name in known if name not in there and name not in skipped]:
        skipped[name] = f"{downloads.METADATA} names it, and it is not there"
    return [label for path in paths for label in known.get(path.name, ())]


def _download(folder: Path, roster: Roster | None, without: Collection[Path]) -> Path:
    """Return the folder, or the only one in it if that is the download of a system.

    A student's own files can be called like Canvas's, as `run_2026_11_notes.py` is; so all must be,
    and of several students.
    """
    inside = [path for path in folder.iterdir() if not names.is_clutter(path.name)]
    inside = [path for path in inside if not _is_left_out(path, without)]
    if len(inside) != 1 or inside[0].is_symlink() or not inside[0].is_dir():
        return folder
    only = inside[0]
    known = roster and owners.Finder(roster).owner(Label(only, only.name)).student
    if known or downloads.label_of(only, is_folder=True).system:
        return folder
    within = [path for path in only.iterdir() if not names.is_clutter(path.name)]
    labels = [
        downloads.text_label(path) or downloads.label_of(path, is_folder=path.is_dir())
        for path in within
    ]
    systems = {label.system for label in labels}
    of_system = MOODLE in systems or any(path.name == downloads.METADATA for path in within)
    of_canvas = systems == {CANVAS} and len({label.id for label in labels}) > 1
    return only if of_system or of_canvas else folder


def _is_left_out(path: Path, without: Collection[Path]) -> bool:
    """Return whether a path is left out, holds what is, or has results of another run."""
    own = path.resolve()
    if any(one.is_relative_to(own) for one in without):
        return True
    return path.is_dir() and not path.is_symlink() and results_folders.is_marked(path)


def _reason_to_skip(path: Path, without: Collection[Path]) -> str:
    """Return why an entry of the folder is no submission; empty if it can be one."""
    if path.is_symlink():
        return "a link, not a folder or file of its own"
    if names.is_clutter(path.name):
        return "hidden, or of a system and not of a person"
    if not path.name.isprintable():
        return "its name has characters that cannot be printed"
    if path.name.count("_assignsubmission_") > 1:
        return "its name holds two numbers of Moodle, so that nobody can tell whose it is"
    if downloads.text_label(path):
        return "typed into a form, not handed in as a file"
    if _is_left_out(path, without):
        return "results of fmnist grade, not a hand-in"
    if path.is_dir() or path.name == downloads.METADATA:
        return ""
    if path.is_file() and downloads.label_of(path, is_folder=False).system:
        return ""  # whatever it is, a student handed it in
    if not (path.is_file() and path.name.lower().endswith(names.SUFFIXES)):
        return "not a folder, an archive, a notebook or a file of Python"
    return ""


ByStudent = dict[str, list[Label]]


def _of_the_class(
    labels: list[Label], roster: Roster, skipped: dict[str, str]
) -> tuple[ByStudent, dict[str, str], dict[str, str]]:
    """Return the labels by id of their student, and what is doubtful, by student and by place."""
    finder = owners.Finder(roster, labels)
    by_student: ByStudent = {}
    unclear: list[tuple[Label, owners.Owner]] = []
    by_name: set[str] = set()  # students of whom something is known by a name alone
    for label in labels:
        owner = finder.owner(label)
        if owner.student:
            by_student.setdefault(owner.student, []).append(label)
            by_name |= {owner.student} if owner.by_name else set()
        elif owner.candidates:
            unclear.append((label, owner))
        else:
            skipped[label.path.name] = owner.reason
    doubts = {
        id_: f"The ids {' and '.join(ids[:MAX_NAMED])} have one name, that of {id_}: keep one."
        for id_ in by_name
        if len(ids := sorted({label.id for label in by_student[id_]})) > 1
    }
    doubtful: dict[str, str] = {}
    certain = {*by_student}
    for label, owner in unclear:
        doubtful[label.path.name] = f"Nobody can tell whose it is: it {owner.reason}."
        # Who handed in nothing else may have handed in this.
        for id_ in {*owner.candidates} - certain:
            by_student.setdefault(id_, []).append(label)
            doubts[id_] = doubtful[label.path.name]
    return by_student, doubts, doubtful


def _as_they_are_called(
    labels: list[Label], skipped: dict[str, str]
) -> tuple[ByStudent, dict[str, str]]:
    """Return the labels by what their students are called, and which students are doubtful."""
    by_student: ByStudent = {}
    first: dict[str, str] = {}  # of names that some file systems cannot tell apart
    doubts: dict[str, str] = {}
    for label in labels:
        id_ = unicodedata.normalize("NFC", label.id)
        why = names.why_no_id(id_)
        if why:
            skipped[label.path.name] = f"its student cannot be called so: {why}"
            continue
        kept = first.setdefault(names.same(id_), id_)
        by_student.setdefault(kept, []).append(label)
        if kept != id_:
            one = by_student[kept][0].path.name
            doubts[kept] = (
                f"The names {one!r} and {label.path.name!r} cannot be told apart on every "
                "computer: rename one, or remove it if they are of one student."
            )
    return by_student, doubts


def _unreadable(
    folder: Path, roster: Roster, there: Collection[str], skipped: Collection[str]
) -> list[Entry]:
    """Return what students handed in of whom there is nothing else: no answer, but not nothing.

    That is what they typed into a form, and files of kinds that are not read.
    """
    paths = [folder / name for name in skipped]
    labels = [
        downloads.text_label(path) or Label(path, path.stem)
        for path in paths
        if path.exists() and not path.is_symlink() and not names.is_clutter(path.name)
        if path.is_file() or downloads.text_label(path)
    ]
    finder = owners.Finder(roster, labels)
    owned = {finder.owner(label).student: label for label in labels}
    return [
        Entry(student, (label.path,), said_late=label.said_late)
        for student, label in owned.items()
        if student and student not in there
    ]


def _doubt(labels: list[Label]) -> tuple[str, str]:
    """Return why nobody can tell which of a student's hand-ins counts; empty if that is known.

    Returns:
        What the student may know, and what the instructor is told.
    """
    systems = {label.system for label in labels}
    together = systems == {MOODLE} and all(label.file for label in labels)
    if len(labels) == 1 or together or systems in ({CANVAS}, {GRADESCOPE}):
        return "", ""
    told = [repr(label.path.name) for label in labels]
    some = f"{', '.join(told[:MAX_NAMED][:-1])} and {told[:MAX_NAMED][-1]}"
    some += f" and {len(told) - MAX_NAMED} more" if len(told) > MAX_NAMED else ""
    which = f"Nobody can tell which of {some} is the newer: keep one."
    return which, which


def _entries(id_: str, labels: list[Label], student: Student | None) -> list[Entry]:
    """Return the attempts of a student."""
    systems = {label.system for label in labels}
    if systems == {CANVAS}:
        attempts = _attempts_of_canvas(labels)
    elif systems == {GRADESCOPE}:
        ordered = sorted(labels, key=lambda label: (label.submitted or FIRST, _natural(label.path)))
        attempts = {number: [label] for number, label in enumerate(ordered, start=1)}
    else:
        attempts = {1: labels}
    last = max(attempts)
    entries = []
    for number, parts in sorted(attempts.items()):
        time = parts[0].submitted
        if time is None and student and number == last:  # a roster knows of one time
            time = student.submitted
        late = next((label.said_late for label in parts if label.said_late), "")
        if student and number == last:
            late = late or student.said_late
        entries.append(Entry(id_, tuple(label.path for label in parts), number, time, late))
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
