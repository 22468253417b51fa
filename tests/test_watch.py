"""`fmnist watch` on a terminal: what is shown is the verdict on what was saved last."""

import contextlib
import os
import re
import select
import signal
import subprocess
import sys
import time

import pytest

from counted import public_checks
from examples import ANOTHER, COUNTS
from fmnist.exercises import catalog

pty = pytest.importorskip("pty", reason="terminals of this kind are a matter of Unix")
termios = pytest.importorskip("termios")

FIRST, SECOND = catalog.load()[:2]
SIGNATURE = "def class_counts(labels, classes=10):\n    "
RIGHT = COUNTS.reference.read_text("utf-8")
WRONG = f"{SIGNATURE}return 'wrong'\n"
OTHER = f"{SIGNATURE}return 'other'\n"
PUBLIC = public_checks("class_counts")
PASSED = f"class_counts: all {PUBLIC} public checks passed"
FAILED = f"class_counts: 0 of {PUBLIC} public checks passed"
# A terminal of its own, as a shell gives it to what it starts: Ctrl-C is a signal there.
START = """
import fcntl, signal, termios
fcntl.ioctl(0, termios.TIOCSCTTY, 0)
signal.signal(signal.SIGINT, signal.default_int_handler)  # who runs the tests may ignore it
from fmnist.cli import main
main()
"""
PATIENCE = 30  # seconds; a machine may be busy
AGAIN = 5  # seconds after which a save that nobody saw is repeated


class Terminal:
    """A terminal in which `fmnist watch` runs."""

    def __init__(self, folder, *arguments: str):
        own, its = pty.openpty()
        self.settings = termios.tcgetattr(own)
        self.process = subprocess.Popen(
            [sys.executable, "-c", START, "watch", *arguments],
            cwd=folder,
            stdin=its,
            stdout=its,
            stderr=its,
            start_new_session=True,
            env=os.environ | {"TERM": "dumb", "COLUMNS": "100"},
        )
        os.close(its)
        self._own = own
        self._raw = b""
        self.text = ""

    def read(self, seconds: float) -> bool:
        """Wait for more text; return whether there can be more."""
        if not select.select([self._own], [], [], seconds)[0]:
            return True
        try:
            more = os.read(self._own, 65536)
        except OSError:  # Linux says so when the last process has closed the terminal
            return False
        self._raw += more
        self.text = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]|\r", "", self._raw.decode(errors="ignore"))
        return bool(more)

    def wait(self, words: str, *, after: int = 0, seconds: float = PATIENCE) -> int:
        """Return the place behind `words`, once they are shown; -1 if they never are."""
        end = time.monotonic() + seconds
        while words not in self.text[after:]:
            if time.monotonic() > end or not self.read(0.2):
                return -1
        return self.text.index(words, after) + len(words)

    def expect(self, words: str, *, after: int = 0) -> int:
        """Return the place behind `words`, or fail with what is shown instead."""
        place = self.wait(words, after=after)
        assert place >= 0, f"{words!r} is not in:\n{self.text[after:]}"
        return place

    def press(self, key: str, words: str) -> str:
        """Press a key and return what is shown from then until `words`."""
        before = len(self.text)
        os.write(self._own, key.encode())
        place = self.expect(words, after=before)
        return self.text[before:place]

    def ended(self) -> str:
        """Return all that was shown, once everything has ended."""
        end = time.monotonic() + PATIENCE
        while self.read(1) and self.process.poll() is None and time.monotonic() < end:
            pass
        while self.read(0.2) and select.select([self._own], [], [], 0)[0]:
            pass
        self.process.wait(PATIENCE)
        assert not re.search(rb"(?<!\r)\n", self._raw), "a line that begins where another ends"
        assert termios.tcgetattr(self._own) == self.settings
        return self.text

    def close(self) -> None:
        """End what is left."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        os.close(self._own)


@pytest.fixture(name="watch")
def _watch(student):
    """Start the command in a student's folder and wait until it is ready."""
    terminals = []

    def watch(*arguments: str) -> Terminal:
        terminal = Terminal(student.path, *arguments)
        terminals.append(terminal)
        terminal.expect("Waiting for you to save.")
        return terminal

    yield watch
    for terminal in terminals:
        terminal.close()


def save(terminal: Terminal, path, content: str, words: str) -> int:
    """Save a file and wait for words; a save before the folder was watched is repeated."""
    after = len(terminal.text)
    for _ in range(PATIENCE // AGAIN):
        path.write_text(content)
        place = terminal.wait(words, after=after, seconds=AGAIN)
        if place >= 0:
            return place
    return terminal.expect(words, after=after)


def save_and_let_begin(terminal: Terminal, path, content: str, begun) -> None:
    """Save an answer that makes the file `begun` when it is called; wait for that."""
    end = time.monotonic() + PATIENCE
    while not begun.exists() and time.monotonic() < end:
        path.write_text(content)
        again = time.monotonic() + AGAIN
        while not begun.exists() and time.monotonic() < again:
            terminal.read(0.05)
    assert begun.exists(), terminal.text


def scores(text: str) -> list[str]:
    """Return every line with a score."""
    return re.findall(r"^\w+: .* public checks passed.*$", text, re.MULTILINE)


def test_it_shows_what_is_next_and_checks_what_is_saved(watch, student):
    """The first exercise is introduced; each save has its verdict, the last the right one."""
    terminal = watch()
    assert f"{FIRST.name}: {FIRST.title}" in terminal.text
    path = student.answer(COUNTS)
    save(terminal, path, WRONG, "came back: 'wrong', a str")
    save(terminal, path, RIGHT, PASSED)
    terminal.press("q", "")
    assert scores(terminal.ended())[-1] == PASSED
    assert student.state(COUNTS) == "solved"


def test_saving_twice_in_a_row_shows_the_second(watch, student):
    """Right, then wrong at once, and the other way round: the last is what is saved."""
    terminal = watch()
    path = student.answer(COUNTS)
    save(terminal, path, WRONG, "came back: 'wrong', a str")
    path.write_text(RIGHT)
    path.write_text(OTHER)
    terminal.expect("came back: 'other', a str")
    assert scores(terminal.text)[-1] == FAILED
    path.write_text(WRONG)
    path.write_text(RIGHT)
    terminal.expect(PASSED, after=len(terminal.text))
    terminal.press("q", "")
    assert scores(terminal.ended())[-1] == PASSED
    assert student.state(COUNTS) == "solved"


def test_the_verdict_on_an_older_text_is_never_shown(watch, student, tmp_path):
    """What is saved while checks run is checked anew, and only that is shown and kept."""
    begun, go = tmp_path / "begun", tmp_path / "go"
    go.mkdir()
    slow = (
        f"{SIGNATURE}open({str(begun)!r}, 'w').close()\n"
        "    while True:\n"
        "        try:\n"
        f"            open({str(go / 'now')!r}).close()\n"
        "            return 'older'\n"
        "        except OSError:\n"
        "            pass\n"
    )
    terminal = watch()
    path = student.answer(COUNTS)
    save_and_let_begin(terminal, path, slow, begun)
    path.write_text(RIGHT)
    (go / "now").touch()
    terminal.expect(PASSED)
    terminal.press("q", "")
    assert set(scores(terminal.ended())) == {PASSED}
    assert student.state(COUNTS) == "solved"


def test_an_editor_may_save_by_renaming(watch, student):
    """Many editors write a new file and put it in the place of the old one."""
    terminal = watch()
    path = student.answer(COUNTS)
    save(terminal, path, WRONG, FAILED)
    new = path.with_name("class_counts.py~")
    new.write_text(RIGHT)
    new.replace(path)
    terminal.expect(PASSED)


def test_an_editor_may_keep_a_backup(watch, student):
    """Others move the old file away and write a new one in its place."""
    terminal = watch()
    path = student.answer(COUNTS)
    save(terminal, path, WRONG, FAILED)
    path.replace(path.with_name("class_counts.py.bak"))
    path.write_text(RIGHT)
    terminal.expect(PASSED)


def test_other_files_do_nothing(watch, student):
    """Notes, copies and checks are no answers: the next verdict is that on the next answer."""
    terminal = watch()
    path = student.answer(COUNTS)
    before = save(terminal, path, WRONG, FAILED)
    for name in ("a.txt", "class_counts.py.bak", "own.py", f"test_{COUNTS.name}.py"):
        path.with_name(name).write_text("# mine\n")
    (student.path / "class_counts.py").write_text(RIGHT)  # not in the folder of its phase
    student.next_hint(COUNTS)  # writes below .fmnist
    student.answer(ANOTHER).write_text("no function")
    terminal.expect(f"{ANOTHER.name}: 0 of", after=before)
    terminal.press("h", ANOTHER.hints[0])
    assert COUNTS.name not in "".join(scores(terminal.text[before:]))


def test_keys(watch, student):
    """Hint, list, next, run again: each at once, about the exercise that is in hand."""
    terminal = watch()
    first = terminal.press("h", FIRST.hints[0])
    assert "Hint 1 of 3: " in first
    assert "Hint 2 of 3: " in terminal.press("h", FIRST.hints[1])
    listed = terminal.press("l", "~ changed since it was solved")
    assert f"0 of {len(catalog.load())} solved" in listed
    assert f"{FIRST.name}: not" not in listed
    assert "not started" in terminal.press("r", "not started")
    assert f"{SECOND.name}: {SECOND.title}" in terminal.press("n", f"fmnist check {SECOND.name}")
    assert "Hint 1 of 3: " in terminal.press("h", SECOND.hints[0])
    terminal.press("x\x1b[A", "")  # no keys of ours
    quickly = terminal.press("hhl", "~ changed since it was solved")
    assert quickly.count("Hint ") == 2
    save(terminal, student.answer(COUNTS), RIGHT, PASSED)
    terminal.press("r", PASSED)  # what was saved is in hand now


@pytest.mark.parametrize("key", ["q", "\x03", "\x04"], ids=["q", "Ctrl-C", "Ctrl-D"])
def test_quitting_leaves_nothing_behind(watch, key):
    """The command ends well, and so does the process that runs checks."""
    terminal = watch()
    terminal.press("r", "public checks passed")  # that process is there now
    terminal.press(key, "")
    shown = terminal.ended()
    assert terminal.process.returncode == 0
    assert "Traceback" not in shown
    assert "Aborted" not in shown
    with pytest.raises(ProcessLookupError):
        os.killpg(terminal.process.pid, 0)


def test_who_is_tired_of_a_loop_can_leave(watch, student, tmp_path):
    """Ctrl-C does not wait until the check is stopped."""
    begun = tmp_path / "begun"
    loop = f"{SIGNATURE}open({str(begun)!r}, 'w').close()\n    while True:\n        pass\n"
    terminal = watch()
    save_and_let_begin(terminal, student.answer(COUNTS), loop, begun)
    terminal.press("\x03", "")
    assert scores(terminal.ended()) == []
    assert terminal.process.returncode == 0


def test_a_broken_folder_ends_it_in_one_line(watch, student):
    """The terminal is given back as it was."""
    terminal = watch()
    (student.path / ".fmnist" / "progress.json").write_text("{")
    terminal.press("h", "progress.json cannot be read (")
    shown = terminal.ended()
    assert terminal.process.returncode == 1
    assert "Traceback" not in shown


def test_the_fast_track_is_watched_as_well(watch):
    """It begins with the first of its own exercises."""
    first = catalog.fast_track(catalog.read())[0]
    assert f"{first.name}: {first.title}" in watch("--fast-track").text
