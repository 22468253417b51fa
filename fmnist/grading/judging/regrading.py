"""Which hand-ins a regrading has judged: one that ended early goes on where it ended."""

import json
from collections.abc import Collection
from pathlib import Path

from fmnist.tools import results_folders

Name = tuple[str, int]  # of a hand-in: its student and its attempt


class Regrading:
    """A file that is there from the first hand-in that is judged again to the last one.

    Args:
        folder: of the class run.
        exercises: names of those that count; of others an earlier regrading is another one.

    Attributes:
        done: hand-ins that it has judged, in this run or before.
    """

    def __init__(self, folder: Path, exercises: Collection[str]):
        self._path = folder / results_folders.REGRADING
        self._head = json.dumps([*exercises]) + "\n"
        self.done = self._read()

    def _read(self) -> set[Name]:
        try:
            head, *lines = self._path.read_text("utf-8").splitlines(keepends=True)
        except (OSError, ValueError):  # none, an empty one, or one that is no text
            return set()
        done = set()
        for line in lines if head == self._head else ():
            try:
                student, attempt = json.loads(line)
                done.add((student, attempt))
            except (TypeError, ValueError):  # it was cut off, and is judged once more
                continue
        return done

    def add(self, name: Name) -> None:
        """Note that a hand-in is judged, and its record on disk."""
        if not self.done:
            self._path.write_text(self._head, "utf-8")
        with self._path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(name) + "\n")
        self.done.add(name)


def end(folder: Path) -> None:
    """Note that a class run is whole: no regrading of before goes on."""
    (folder / results_folders.REGRADING).unlink(missing_ok=True)
