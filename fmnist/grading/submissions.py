"""Submissions on disk: one folder per student, of which only the expected files are read."""

import os
import tempfile
import zipfile
from dataclasses import dataclass
from pathlib import Path

from fmnist.answer import faults
from fmnist.answer.source import read_source
from fmnist.exercises.catalog import Exercise

MAX_NAME = 100  # bytes: it names files, too
MAX_OTHERS = 1000
MAX_DEPTH = 20  # folders in a submission


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


def read_all(
    folder: Path, exercises: tuple[Exercise, ...]
) -> tuple[list[Submission], dict[str, str]]:
    """Return one submission for each folder in `folder`, sorted by student, and what was skipped.

    An answer is ``<phase>/<name>.py`` or, if that is missing, ``<name>.py``.

    Returns:
        the submissions, and for each entry that is none the reason.

    Raises:
        NoSubmissions: `folder` is missing, or holds no folder.
    """
    if not folder.is_dir():
        raise NoSubmissions(
            f"There is no folder {folder}; give one that holds a folder per student."
        )
    submissions, skipped = [], {}
    for path in sorted(folder.iterdir()):
        reason = _reason_to_skip(path)
        if reason:
            skipped[path.name] = reason
        else:
            submissions.append(_read(path, exercises))
    if not submissions:
        raise NoSubmissions(f"{folder} holds no folder; expected one per student: {folder}/ada/.")
    return submissions, skipped


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
