"""The folder in which grading keeps its results: how it is known, so that no other one is touched.

A folder of ours has the file `MARK`, which is written into it before anything else. One of a
version that wrote no mark is known by its records. Any other folder that holds something is
somebody's, and is refused before the first byte.
"""

import importlib.metadata
import re
from collections.abc import Iterator
from pathlib import Path

import msgspec

from fmnist import course
from fmnist.tools import keeping
from fmnist.tools.terminal import shown
from fmnist.tools.user_errors import UserError

MARK = ".fmnist-results.json"
WHAT = "results of fmnist grade"
FORMAT = 1  # of the mark and of what lies beside it; a later one is not read
LOCK = ".lock"
REGRADING = ".regrading"  # there while a regrading is under way, see `judging.regrading`
RECORDS, TIMES, STUDENTS = "records", "times", "students"
ATTEMPT = re.compile(r"attempt-\d+")  # within the first two
TABLES = re.compile(
    r"(grades(-\w+)?|moved|hand-ins|feedback|tried)\.csv|(index|similarity|times)\.html"
    r"|feedback-moodle\.zip|marks\.json|seed\.txt"
)
UNFINISHED = re.compile(re.escape(keeping.TEMPORARY) + r"[a-z0-9_]{8}")  # as `tempfile` names it
LITTER = (".DS_Store", "Thumbs.db", "desktop.ini")  # what systems put into an empty folder


class NotOurs(UserError):
    """The folder is somebody's, or of a later version; the message says what to type instead."""


class Mark(msgspec.Struct, frozen=True):
    """What a folder says of itself.

    Attributes:
        folder: what it is, for a person who opens the file.
        format: see `FORMAT`.
        version: of the package that wrote it.
        exercises: names of those that were graded into it, in the course's order.
    """

    folder: str
    format: int
    version: str
    exercises: tuple[str, ...] = ()


class _Kept(msgspec.Struct):
    """What a record on disk has, in every version."""

    key: dict[str, object]
    record: dict[str, object]
    sum: str


def is_marked(folder: Path) -> bool:
    """Return whether a folder says that it holds results; one that cannot be read does not."""
    try:
        return (folder / MARK).is_file()
    except PermissionError:
        return False


def claim(folder: Path) -> list[str]:
    """Make a folder ours, or find that it is; it is marked afterwards.

    Returns:
        what a person should know of it, in sentences.

    Raises:
        NotOurs: it holds what we have not written, or is of a later version.
        OSError: it cannot be read or written.
    """
    if is_marked(folder):
        mark_of(folder)
        return []
    exercises: tuple[str, ...] = ()
    told = []
    if folder.is_dir() and (foreign := _foreign(folder)) is not None:
        kept = _of_an_earlier_version(folder)
        if kept is None:
            raise NotOurs(
                f"{folder} is no folder of results: {shown(foreign)!r} in it is not of fmnist "
                f"grade. Give a folder of its own, as in --out {free(folder / 'results')}"
            )
        exercises = kept
        told = [f"{folder} has results of an earlier version of fmnist; they are used."]
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    write_mark(folder, exercises)
    return told


def mark_of(folder: Path) -> Mark:
    """Return what a marked folder says of itself.

    Raises:
        NotOurs: the mark cannot be read, or is of a later version.
    """
    try:
        mark = msgspec.json.decode((folder / MARK).read_bytes(), type=Mark)
    except (OSError, msgspec.MsgspecError, RecursionError):
        raise NotOurs(
            f"{folder / MARK}, which says what this folder is, cannot be read. Give another "
            f"folder, as in --out {free(folder)}"
        ) from None
    if mark.format > FORMAT:
        raise NotOurs(
            f"{folder} was written by fmnist {shown(mark.version)}, which is later than this one. "
            f"Install that version, or give another folder, as in --out {free(folder)}"
        )
    return mark


def write_mark(folder: Path, exercises: tuple[str, ...]) -> None:
    """Have a folder say what it is, whole or as before.

    Raises:
        OSError: it cannot be written.
    """
    mark = Mark(WHAT, FORMAT, version(), exercises)
    content = msgspec.json.format(msgspec.json.encode(mark), indent=1) + b"\n"
    if not is_marked(folder) or (folder / MARK).read_bytes() != content:
        keeping.write_whole(folder / MARK, content)


def records(folder: Path) -> Iterator[tuple[str, int, Path]]:
    """Yield student, attempt and path of what lies where records do, in order; none is read."""
    place = folder / RECORDS
    for path in _files(place):
        if path.suffix == ".json":
            yield path.stem, 1, path
    for attempt in sorted(place.glob("attempt-*")):
        if ATTEMPT.fullmatch(attempt.name) and not attempt.is_symlink():
            for path in _files(attempt):
                if path.suffix == ".json":
                    yield path.stem, int(attempt.name.partition("-")[2]), path


def is_record(path: Path) -> bool:
    """Return whether a file is a record of ours, of whatever version."""
    return _kept(path) is not None


def clear(folder: Path) -> None:
    """Remove what a killed run was writing, and nothing else."""
    places = [folder]
    for part in (RECORDS, TIMES, STUDENTS):
        place = folder / part
        if place.is_dir() and not place.is_symlink():
            places += [place, *(path for path in place.iterdir() if path.is_dir())]
    for place in places:
        if not place.is_symlink():
            for path in _files(place):
                if UNFINISHED.fullmatch(path.name):
                    path.unlink(missing_ok=True)


def _foreign(folder: Path) -> str | None:
    """Return what a folder without a mark holds, by one example; None if nothing."""
    for path in sorted(folder.iterdir()):
        if path.name not in LITTER and not _is_unfinished_mark(path):
            return path.name
    return None


def _is_unfinished_mark(path: Path) -> bool:
    """Return whether a run was killed while it wrote the mark."""
    if not UNFINISHED.fullmatch(path.name) or path.is_symlink() or not path.is_file():
        return False
    begins = f'{{\n "folder": "{WHAT}"'.encode()
    with path.open("rb") as file:
        return begins.startswith(file.read(len(begins)))


def _of_an_earlier_version(folder: Path) -> tuple[str, ...] | None:
    """Return the exercises of results without a mark; None if a folder holds no such results."""
    if not all((folder / part).is_dir() for part in (RECORDS, TIMES)):
        return None
    found = [_kept(path) for _, _, path in records(folder)]
    if None in found:  # whatever is called like a record is one, or the folder is somebody's
        return None
    if not found:  # of a run that was stopped at once
        names = {path.name for path in folder.iterdir()} - {RECORDS, TIMES, LOCK}
        return None if names or any((folder / RECORDS).iterdir()) else ()
    names_: dict[str, None] = {}
    for kept in found:
        parts = kept.record.get("exercises") if kept else None
        for part in parts if isinstance(parts, list) else ():
            if isinstance(part, dict) and isinstance(part.get("name"), str):
                names_[part["name"]] = None
    return tuple(names_)


def _kept(path: Path) -> _Kept | None:
    try:
        return msgspec.json.decode(path.read_bytes(), type=_Kept)
    except (OSError, msgspec.MsgspecError, RecursionError):
        return None


def _files(place: Path) -> list[Path]:
    """Return the regular files in a folder, in order; none if there is no folder."""
    if not place.is_dir():
        return []
    return sorted(path for path in place.iterdir() if path.is_file() and not path.is_symlink())


def free(wanted: Path) -> Path:
    """Return a path at which there is nothing yet."""
    path, number = wanted, 1
    while path.exists() or path.is_symlink():
        number += 1
        path = wanted.with_name(f"{wanted.resolve().name}-{number}")
    return path


def version() -> str:
    """Return the version of this package; empty where it is not installed."""
    try:
        return importlib.metadata.version(course.PACKAGE.name)
    except importlib.metadata.PackageNotFoundError:
        return ""
