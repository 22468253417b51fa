"""Records on disk: one file per student, whole or absent, and known again by what decided it."""

import json
import re
import secrets
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import msgspec

from fmnist.grading.judging.record_keys import UNKNOWN, Key, hash_of
from fmnist.grading.judging.records import Graded, Record
from fmnist.tools import keeping, results_folders
from fmnist.tools.user_errors import UserError

SEED_FILE = "seed.txt"


class StoreError(UserError):
    """The folder of an earlier run cannot be used; the message says what to do."""


@dataclass(frozen=True)
class Kept:
    """A record as an earlier run left it."""

    record: Record
    key: Key


class Store:
    """The folder of a class run.

    Attributes:
        folder: with ``records/<student>.json``, ``times/<student>.json``, and the same in
            ``attempt-<number>`` for what was handed in again.
        damaged: students whose record of an earlier run cannot be read, and is made again.
    """

    def __init__(self, folder: Path):
        self.folder = folder
        self.damaged: list[str] = []

    @contextmanager
    def alone(self) -> Iterator[list[str]]:
        """Keep other runs out of the folder, which is made if it is not there.

        Yields:
            what a person should know of the folder, in sentences.

        Raises:
            NotOurs: it holds what we have not written; nothing was written into it.
            StoreError: another run works in it.
            OSError: it cannot be made.
        """
        told = results_folders.claim(self.folder)
        try:
            for part in (results_folders.RECORDS, results_folders.TIMES):
                (self.folder / part).mkdir(mode=0o700, exist_ok=True)
            with keeping.alone(self.folder / results_folders.LOCK, wait=0):
                results_folders.clear(self.folder)
                yield told
        except keeping.Busy:
            raise StoreError(f"Another run is grading into {self.folder}; wait for it.") from None

    def find(self, student: str, attempt: int) -> Kept | None:
        """Return what is kept of a hand-in; None if there is nothing that can be read."""
        path = self._path("records", student, attempt)
        try:
            kept = json.loads(path.read_text("utf-8"))
            if kept["sum"] != _sum(kept["record"]):
                raise ValueError("changed since it was written")
            return Kept(msgspec.convert(kept["record"], Record), _key(kept["key"]))
        except FileNotFoundError:
            return None
        except (OSError, KeyError, TypeError, ValueError):  # msgspec's is a ValueError
            self.damaged.append(student)
            return None

    def keep(self, graded: Graded, key: Key) -> None:
        """Write the record and the times of a submission."""
        name = (graded.record.student, graded.record.attempt)
        record = msgspec.to_builtins(graded.record)
        kept = {"key": vars(key), "record": record, "sum": _sum(record)}
        times = {name: round(seconds, 4) for name, seconds in graded.seconds.items()}
        path = self._path("records", *name)
        if name[0] in self.damaged and path.is_file() and not results_folders.is_record(path):
            path.rename(results_folders.free(path.with_name(f"{path.name}.damaged")))
        write_whole(self._path("times", *name), to_json(times))
        write_whole(path, to_json(kept))

    def _path(self, part: str, student: str, attempt: int) -> Path:
        folder = self.folder / part
        if attempt > 1:
            folder /= f"attempt-{attempt}"
            folder.mkdir(mode=0o700, exist_ok=True)
        return folder / f"{student}.json"

    def seconds(self, student: str, attempt: int) -> dict[str, float]:
        """Return how long the checks of a hand-in took, when it was graded."""
        try:
            content = self._path("times", student, attempt).read_bytes()
            return msgspec.json.decode(content, type=dict[str, float])
        except (OSError, msgspec.DecodeError):
            return {}


def class_seed(folder: Path) -> int:
    """Return the seed that the results in a folder were made with, or a new one if none is kept.

    Raises:
        StoreError: what is kept is no seed.
    """
    path = folder / SEED_FILE
    try:
        text = path.read_text("ascii").strip()
    except FileNotFoundError:
        return secrets.randbelow(2**31 - 1) + 1
    except ValueError:
        text = ""
    if not re.fullmatch("[0-9]{1,10}", text):
        raise StoreError(
            f"{path}: expected the seed of the class, a whole number; received something else. "
            "Give it with --seed, or remove the file: a new one is drawn, and all is graded again."
        )
    return int(text)


def keep_class_seed(folder: Path, seed: int) -> None:
    """Write down the seed that results are made with."""
    folder.mkdir(parents=True, exist_ok=True)
    write_whole(folder / SEED_FILE, f"{seed}\n")


def _key(kept: object) -> Key:
    try:
        return msgspec.convert(kept, Key)
    except msgspec.ValidationError:
        return UNKNOWN


def _sum(record: dict) -> str:
    return hash_of(to_json(record).encode("utf-8", "backslashreplace"))


def to_json(value: object) -> str:
    """Return text that is the same for the same value.

    It is one line: Python's fast encoder makes no other, and there are four files a submission.
    """
    return json.dumps(value, sort_keys=True) + "\n"


def write_whole(path: Path, text: str | bytes) -> None:
    """Replace `path` in one step; readable by its owner only, as marks should be.

    A file that says the same already is left alone: a file system may wait for its disk where one
    file takes the place of another, and most reports of a second run are those of the first.
    """
    content = text.encode("utf-8", "backslashreplace") if isinstance(text, str) else text
    if not _is_there(path, content):
        keeping.write_whole(path, content)


def _is_there(path: Path, content: bytes) -> bool:
    try:
        others = path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO)
        return not others and path.read_bytes() == content
    except OSError:
        return False
