"""Submissions on disk: one folder per student, of which only the expected files are read."""

from dataclasses import dataclass
from pathlib import Path

from fmnist.answer import faults
from fmnist.answer.source import read_source
from fmnist.exercises.catalog import Exercise


class NoSubmissions(Exception):
    """The folder does not hold what the grader needs; the message says what to do."""


@dataclass(frozen=True)
class Submission:
    """What one student handed in.

    Attributes:
        student: name of the folder.
        sources: text of each answer, by name of the exercise.
        unreadable: why a file cannot be used, by name of the exercise.
        ignored: files that the grader did not ask for, relative to the folder, sorted.
    """

    student: str
    sources: dict[str, str]
    unreadable: dict[str, faults.NotLoaded]
    ignored: tuple[str, ...]


def read_all(folder: Path, exercises: tuple[Exercise, ...]) -> list[Submission]:
    """Return one submission for each folder in `folder`, sorted by student.

    An answer is ``<phase>/<name>.py`` or, if that is missing, ``<name>.py``.

    Raises:
        NoSubmissions: `folder` is missing, or holds no folder.
    """
    if not folder.is_dir():
        raise NoSubmissions(
            f"There is no folder {folder}; give one that holds a folder for each student."
        )
    students = sorted(path for path in folder.iterdir() if path.is_dir() and not path.is_symlink())
    if not students:
        raise NoSubmissions(
            f"{folder} holds no folder; expected one a student, e.g. {folder}/ada/."
        )
    return [_read(path, exercises) for path in students]


def _read(folder: Path, exercises: tuple[Exercise, ...]) -> Submission:
    sources, unreadable, used = {}, {}, set()
    for exercise in exercises:
        file = f"{exercise.name}.py"
        for path in (folder / exercise.phase / file, folder / file):
            # A link in the middle of the path could lead out of the submission.
            if path.parent.is_symlink() or not (path.exists() or path.is_symlink()):
                continue
            used.add(path)
            try:
                sources[exercise.name] = read_source(path)
            except faults.NotLoaded as fault:
                unreadable[exercise.name] = fault
            break
    ignored = sorted(
        path.relative_to(folder).as_posix()
        for path in folder.rglob("*")
        if path not in used and (path.is_symlink() or not path.is_dir())
    )
    return Submission(folder.name, sources, unreadable, tuple(ignored))
