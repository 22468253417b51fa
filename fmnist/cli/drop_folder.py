"""``fmnist grade --watch``: a folder of submissions is graded whenever something changes in it."""

import contextlib
import math
import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import click
import watchfiles

from fmnist.cli.command_group import tell
from fmnist.tools.user_errors import UserError

LOOK_SECONDS = 1.0  # how often it is seen whether the folder is there
RETRY_SECONDS = 30.0  # after which a disk is tried again; nothing says when it has room


def watch(submissions: Path, out: Path, grade: Callable[[], None]) -> None:
    """Grade, and again after each change, until Ctrl-C.

    What is wrong with the folder or the disk is told once, and tried again.

    Args:
        submissions: the folder, which need not be there yet.
        out: of the results, which may lie in it.
        grade: grades it once.

    Raises:
        KeyboardInterrupt: Ctrl-C, or another signal that ends a process, came while it graded;
            while it waits that is how to end it.
    """
    busy, last = False, None

    def graded() -> float:
        """Grade; return when to do so next if nothing changes."""
        nonlocal busy, last
        busy = True
        trouble, again = "", math.inf
        try:
            grade()
        except UserError as error:
            trouble = str(error)
        except OSError as error:
            trouble, again = cannot(error, out), time.monotonic() + RETRY_SECONDS
        busy = False
        if trouble and trouble != last:
            tell(trouble)
        if not trouble or trouble != last:
            click.echo(f"Waiting for changes in {submissions}; Ctrl-C ends this.")
        last = trouble
        return again

    try:
        while True:
            if not submissions.is_dir():
                graded()
            while not submissions.is_dir():
                time.sleep(LOOK_SECONDS)
            again = 0.0
            for changes in _changes(submissions, out):
                if changes or time.monotonic() >= again:
                    again = graded()
    except KeyboardInterrupt:
        if busy:
            raise


def cannot(error: OSError, out: Path) -> str:
    """Return the sentence on a file that cannot be written or read."""
    place = error.filename2 or error.filename or out
    return f"{place} cannot be written or read: {error.strerror}."


def _changes(folder: Path, out: Path) -> Iterator[set[watchfiles.main.FileChange]]:
    """Yield what has changed in a folder, or nothing for a while, as long as it is the same one.

    What changes while the last is worked on comes next. A hand-in that is still being copied
    comes as it is, and again when it is whole.
    """
    place, same = folder.resolve(), _identity(folder)
    with contextlib.suppress(FileNotFoundError):  # it was there a moment ago
        for changes in watchfiles.watch(
            place,
            watch_filter=_outside(out),
            rust_timeout=int(1000 * LOOK_SECONDS),
            yield_on_timeout=True,
            ignore_permission_denied=True,
            raise_interrupt=True,
        ):
            yield changes
            if _identity(folder) != same:
                return


def _identity(folder: Path) -> tuple[int, int] | None:
    """Return what tells a folder from the next of its name; None if there is none."""
    try:
        told = folder.stat()
    except OSError:
        return None
    return told.st_dev, told.st_ino


def _outside(out: Path) -> watchfiles.DefaultFilter:
    """Return what leaves out the results, which may lie among the hand-ins."""
    # The filter compares beginnings of names; results-old/ is not results/.
    return watchfiles.DefaultFilter(ignore_paths=(f"{out.resolve()}{os.sep}",))
