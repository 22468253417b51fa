"""A drop folder is graded whenever it changes, and outlives what happens to folders and disks."""

import errno
import shutil
import threading
from collections.abc import Callable

import pytest

from fmnist.cli import drop_folder
from fmnist.tools.user_errors import UserError

PATIENCE = 60.0  # seconds for what takes one


class Drop:
    """A folder that is watched, and what its grading found.

    Attributes:
        found: names in the folder, at each time that it was graded; None where there was none.
        trouble: raised the next times instead.
        late: names of what comes while it is graded.
    """

    def __init__(self, place):
        self.folder, self.out = place / "in", place / "out"
        self.found: list[list[str] | None] = []
        self.trouble: list[Exception] = []
        self.late: list[str] = []
        self.over = False
        self._graded = threading.Condition()

    def grade(self) -> None:
        """Look what is there."""
        if self.over:
            raise KeyboardInterrupt
        if self.trouble:
            raise self.trouble.pop(0)
        there = self.folder.is_dir()
        names = sorted(path.name for path in self.folder.iterdir()) if there else None
        with self._graded:
            self.found.append(names)
            self._graded.notify_all()
        if not names:
            raise UserError("no submission" if there else "no folder")
        while self.late:
            self.hand_in(self.late.pop())

    def until(self, *names: str) -> None:
        """Wait until the last grading has found these."""
        self._wait(lambda: self.found[-1:] == [[*names]])

    def until_missed(self) -> None:
        """Wait until the folder was not there."""
        self._wait(lambda: None in self.found)

    def _wait(self, found: Callable[[], bool]) -> None:
        with self._graded:
            assert self._graded.wait_for(found, PATIENCE), self.found

    def hand_in(self, name: str) -> None:
        """Put something there."""
        (self.folder / name).write_text("x")


@pytest.fixture(name="drop")
def _drop(tmp_path, monkeypatch):
    """A watch in a thread of its own, over a folder that is not there yet."""
    monkeypatch.setattr(drop_folder, "LOOK_SECONDS", 0.1)
    monkeypatch.setattr(drop_folder, "RETRY_SECONDS", 0.5)
    drop = Drop(tmp_path)

    def watch() -> None:
        with pytest.raises(KeyboardInterrupt):
            drop_folder.watch(drop.folder, drop.out, drop.grade)

    running = threading.Thread(target=watch, daemon=True)
    running.start()
    yield drop
    drop.over = True
    drop.folder.mkdir(exist_ok=True)
    drop.hand_in("end.py")
    running.join(PATIENCE)
    assert not running.is_alive()


def test_a_folder_may_be_missing_empty_and_empty_again(drop, capsys):
    """Each is told, and waited for."""
    drop.until_missed()
    drop.folder.mkdir()
    drop.until()
    drop.hand_in("ada.py")
    drop.until("ada.py")
    (drop.folder / "ada.py").unlink()
    drop.until()
    assert capsys.readouterr().err.endswith("fmnist: no submission\n" * 2)


def test_a_folder_that_was_moved_away_and_back_is_watched(drop, tmp_path):
    """As it is on a disk that was away."""
    drop.folder.mkdir()
    drop.hand_in("ada.py")
    drop.until("ada.py")
    drop.folder.rename(tmp_path / "elsewhere")
    shutil.copytree(tmp_path / "elsewhere", drop.folder)
    drop.hand_in("bob.py")
    drop.until("ada.py", "bob.py")
    drop.hand_in("cy.py")
    drop.until("ada.py", "bob.py", "cy.py")


def test_what_comes_while_others_are_graded_is_graded_next(drop):
    """Grading takes minutes, and nothing may change afterwards."""
    drop.late = ["bob.py"]
    drop.folder.mkdir()
    drop.hand_in("ada.py")
    drop.until("ada.py", "bob.py")


def test_a_full_disk_is_told_once_and_tried_again(drop, capsys):
    """Without a change: nothing says that there is room."""
    full = OSError(errno.ENOSPC, "No space left on device", "out/grades.csv")
    drop.trouble = [full] * 3
    drop.folder.mkdir()
    drop.hand_in("ada.py")
    drop.until("ada.py")
    told = capsys.readouterr().err
    assert told.count("out/grades.csv cannot be written or read: No space left on device.") == 1
