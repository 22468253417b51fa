"""``fmnist watch``: checks an answer again whenever it is saved, and obeys a few keys."""

import os
import queue
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
import watchfiles

from fmnist.cli import showing
from fmnist.exercises import catalog, workspace
from fmnist.exercises.catalog import Exercise
from fmnist.exercises.checker import Checker
from fmnist.exercises.feedback import Feedback
from fmnist.exercises.workspace import Workspace

SETTLED = 30  # milliseconds without a further change: some editors save in several steps
KEYS = "n next   h hint   l list   r run again   q quit"
ENDS = ("q", "", "\x04")  # also where there is nobody to type, and Ctrl-D

Events = queue.SimpleQueue[Path | str]  # a file that was saved, or a key


def watch(folder: Workspace, exercises: tuple[Exercise, ...]) -> None:
    """Check what is saved in a folder until the student quits.

    Args:
        folder: in which files are watched.
        exercises: those that are checked, in the order in which "next" goes through them.

    Raises:
        WorkspaceError: what is known of the exercises cannot be read or written.
    """
    events: Events = queue.SimpleQueue()
    stop = threading.Event()
    threads = [threading.Thread(target=_files, args=(folder.path, events, stop), daemon=True)]
    if sys.stdin.isatty():
        threads.append(threading.Thread(target=_keys, args=(events,), daemon=True))
    by_path = {folder.answer(exercise): exercise for exercise in exercises}
    with Checker() as checker, _each_key_at_once():
        try:
            for thread in threads:
                thread.start()
            current = _next(folder, exercises, None, checker)
            click.secho(f"\nWaiting for you to save.   {KEYS}", dim=True)
            while (event := events.get()) != "q":
                if event in by_path:
                    current = by_path[Path(event)]
                if event == "n":
                    current = _next(folder, exercises, current, checker)
                elif event == "l":
                    showing.listing(folder, catalog.load())
                elif current is not None and event == "h":
                    showing.hint(folder, current)
                elif current is not None and (event == "r" or event in by_path):
                    _check(folder, current, checker, events)
        except KeyboardInterrupt:
            return
        finally:
            stop.set()


def _check(folder: Workspace, exercise: Exercise, checker: Checker, events: Events) -> None:
    """Check an answer; if it changed meanwhile, show nothing and check the new one."""
    path = folder.answer(exercise)
    content = workspace.content_of(path)
    feedback = Feedback(exercise, tuple(checker.check(exercise, path)))
    if workspace.content_of(path) != content:
        events.put(path)
        return
    if feedback.judged:
        folder.record(exercise, content=content, passed=feedback.passed, of=len(feedback.verdicts))
    click.clear()
    showing.report(feedback, site=folder.site)
    click.secho(f"\n{KEYS}", dim=True)


def _next(
    folder: Workspace, exercises: tuple[Exercise, ...], current: Exercise | None, checker: Checker
) -> Exercise | None:
    """Introduce the next exercise that is not solved: after the current one, else from the start.

    Returns:
        it; None if all are solved.
    """
    at = exercises.index(current) + 1 if current in exercises else 0
    following = folder.first_unsolved(exercises[at:]) or folder.first_unsolved(exercises)
    if following is not None:
        showing.introduce(folder, following)
        checker.warm(*following.imports)
    return following


def _files(path: Path, events: Events, stop: threading.Event) -> None:
    watched = watchfiles.watch(
        path, step=SETTLED, debounce=4 * SETTLED, stop_event=stop, rust_timeout=500
    )
    for changes in watched:
        for _, name in sorted(changes):
            events.put(Path(name))


def _keys(events: Events) -> None:
    while (key := _key()) not in ENDS:
        events.put(key)
    events.put("q")


def _key() -> str:
    """Return the next key, or nothing if there will be none."""
    if sys.platform != "win32":
        return os.read(sys.stdin.fileno(), 1).decode("latin-1")
    try:
        return click.getchar()
    except (EOFError, KeyboardInterrupt):
        return ""


@contextmanager
def _each_key_at_once() -> Iterator[None]:
    """Have a terminal pass on keys as they are pressed, without showing them.

    `click.getchar` would do so only while it waits, and lose the keys in between; and meanwhile
    whatever is printed would look like stairs.
    """
    if sys.platform == "win32" or not sys.stdin.isatty():
        yield
        return
    import termios
    import tty

    before = termios.tcgetattr(sys.stdin)
    tty.setcbreak(sys.stdin)
    try:
        yield
    finally:
        termios.tcsetattr(sys.stdin, termios.TCSADRAIN, before)
