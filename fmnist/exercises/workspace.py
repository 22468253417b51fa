"""A student's own folder: the stubs and their public checks, and what has been solved.

    <folder>/<phase>/<name>.py        the stub, to be completed
    <folder>/<phase>/test_<name>.py   its public checks, to be read and run by plain pytest
    <folder>/<phase>/project.md       the open task of the phase
    <folder>/.fmnist/shipped.json     sums of the files as they came
    <folder>/.fmnist/progress.json    what was checked, when, and with what result

Both files of ``.fmnist`` can be read by people, and are replaced as a whole or not at all.
"""

import datetime
import hashlib
import io
import itertools
import json
import os
import tempfile
import zipfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path

import filelock

from fmnist import course
from fmnist.exercises import catalog
from fmnist.exercises.catalog import Exercise

MARK = ".fmnist"
PACKED = "hand-in.zip"
NEW, TRIED, CHANGED, SOLVED = "new", "tried", "changed", "solved"


class WorkspaceError(Exception):
    """The folder is not as it must be; the message says what to do."""


@dataclass(frozen=True)
class Attempt:
    """What is known of one exercise.

    Attributes:
        passed: checks that passed the last time.
        of: checks that there were.
        content: SHA-256 of the file that was checked; empty if none was.
        when: of the last check, ISO 8601.
        solved: when all checks passed for the first time, ISO 8601; empty if never.
        hints: how many were shown.
    """

    passed: int = 0
    of: int = 0
    content: str = ""
    when: str = ""
    solved: str = ""
    hints: int = 0

    def __post_init__(self) -> None:
        for field in fields(self):
            if type(getattr(self, field.name)) is not field.type:
                raise TypeError(f"{field.name} is {getattr(self, field.name)!r}")


@dataclass(frozen=True)
class Workspace:
    """A student's folder.

    Attributes:
        path: of the folder.
    """

    path: Path

    def answer(self, exercise: Exercise) -> Path:
        """Return the path of a student's answer."""
        return self.path / exercise.phase / f"{exercise.name}.py"

    def attempts(self) -> dict[str, Attempt]:
        """Return what is known of each exercise that was checked, by its name.

        Raises:
            WorkspaceError: the file cannot be read, for example because it was changed by hand.
        """
        file = self.path / MARK / "progress.json"
        try:
            kept = json.loads(file.read_text("utf-8"))
            return {name: Attempt(**attempt) for name, attempt in kept.items()}
        except FileNotFoundError:
            return {}
        except (AttributeError, OSError, TypeError, ValueError) as error:
            raise WorkspaceError(
                f"{file} cannot be read ({error}). Delete it; only what was solved is forgotten."
            ) from None

    def state(self, exercise: Exercise, attempts: dict[str, Attempt] | None = None) -> str:
        """Return whether an exercise is `NEW`, `TRIED`, `SOLVED`, or `CHANGED` since it was.

        Args:
            exercise: in question.
            attempts: what `attempts` returned, for who asks about many.
        """
        known = self.attempts() if attempts is None else attempts
        attempt = known.get(exercise.name, Attempt())
        content = content_of(self.answer(exercise))
        if attempt.of and attempt.passed == attempt.of and attempt.content == content:
            return SOLVED
        if attempt.solved:
            return CHANGED
        return NEW if content in ("", content_of(exercise.stub)) else TRIED

    def record(self, exercise: Exercise, *, content: str, passed: int, of: int) -> None:
        """Keep the outcome of a check.

        Args:
            exercise: that was checked.
            content: of the file, see `content_of`, as it was when the check began.
            passed: checks.
            of: checks in all.

        Raises:
            WorkspaceError: what is known cannot be read or written.
        """
        now = datetime.datetime.now().astimezone().isoformat(timespec="seconds")

        def update(attempt: Attempt) -> Attempt:
            solved = attempt.solved or (now if of and passed == of else "")
            return replace(attempt, passed=passed, of=of, content=content, when=now, solved=solved)

        self._change(exercise, update)

    def next_hint(self, exercise: Exercise) -> tuple[int, str]:
        """Return number, from 1, and text of the first hint not shown yet, or of the last.

        Raises:
            WorkspaceError: what is known cannot be read or written.
        """
        number = self._change(
            exercise,
            lambda attempt: replace(attempt, hints=min(attempt.hints + 1, len(exercise.hints))),
        ).hints
        return number, exercise.hints[number - 1]

    def first_unsolved(self, exercises: Iterable[Exercise]) -> Exercise | None:
        """Return the first of some exercises that is not solved."""
        attempts = self.attempts()
        return next((one for one in exercises if self.state(one, attempts) != SOLVED), None)

    def _change(self, exercise: Exercise, update: Callable[[Attempt], Attempt]) -> Attempt:
        try:
            with _locked(self.path):
                attempts = self.attempts()
                changed = update(attempts.get(exercise.name, Attempt()))
                attempts[exercise.name] = changed
                text = json.dumps({name: asdict(one) for name, one in attempts.items()}, indent=2)
                _replace(self.path / MARK / "progress.json", text.encode() + b"\n")
                return changed
        except OSError as error:
            raise WorkspaceError(f"{self.path} cannot be written: {error.strerror}.") from None


def here() -> Workspace:
    """Return the student's folder that the current one is in; in a checkout, its exercises/.

    Raises:
        WorkspaceError: there is none.
    """
    for folder in (Path.cwd(), *Path.cwd().parents):
        if (folder / MARK / "shipped.json").is_file():
            return Workspace(folder)
    if (course.ROOT / "exercises").is_dir():
        return Workspace(course.ROOT / "exercises")
    raise WorkspaceError(
        "There are no exercises here. Type: fmnist start, then cd fmnist-exercises"
    )


def content_of(path: Path) -> str:
    """Return the SHA-256 of a file, whatever its line ends; empty if there is none.

    Raises:
        WorkspaceError: there is something that cannot be read.
    """
    try:
        return hashlib.sha256(path.read_bytes().replace(b"\r\n", b"\n")).hexdigest()
    except (FileNotFoundError, NotADirectoryError):
        return ""
    except OSError as error:
        raise WorkspaceError(f"{path} cannot be read: {error.strerror}.") from None


def start(folder: Path) -> Iterator[tuple[Path, str]]:
    """Copy stubs, public checks and projects into a folder; leave alone what was edited.

    Yields:
        each file with what was done: "added", "updated" (it was as it had come) or "kept" (it was
        edited, and the course has another version now). Files that need nothing are left out.

    Raises:
        WorkspaceError: the folder cannot be written, is the course's own, or the sums of its files
            cannot be read.
    """
    if folder.resolve() == course.EXERCISES.resolve():
        raise WorkspaceError(f"{folder} is the course's own. Give another folder.")
    try:
        (folder / MARK).mkdir(parents=True, exist_ok=True)
        with _locked(folder):
            yield from _copy(folder)
    except OSError as error:
        raise WorkspaceError(f"{folder} cannot be written: {error.strerror}.") from None


def _copy(folder: Path) -> Iterator[tuple[Path, str]]:
    known = folder / MARK / "shipped.json"
    shipped = _shipped(known)
    for source in _sources():
        name = source.relative_to(course.EXERCISES).as_posix()
        target, content = folder / name, content_of(source)
        present = content_of(target)
        if present == content:
            shipped[name] = content
        elif not present or present == shipped.get(name):
            target.parent.mkdir(exist_ok=True)
            _replace(target, source.read_bytes())
            shipped[name] = content
            yield target, "updated" if present else "added"
        elif shipped.get(name) != content:
            yield target, "kept"
    _replace(known, json.dumps(shipped, indent=2).encode() + b"\n")


def _shipped(known: Path) -> dict[str, str]:
    """Return the sums of the files as they came."""
    try:
        return dict(json.loads(known.read_text("utf-8")).items())
    except FileNotFoundError:
        return {}
    except (AttributeError, ValueError) as error:
        raise WorkspaceError(
            f"{known} cannot be read ({error}). Delete it; what you edited stays as it is."
        ) from None


def _sources() -> Iterator[Path]:
    for exercise in catalog.load():
        yield exercise.stub
        yield exercise.public_checks
    for project in catalog.read().projects:
        yield project.task


def reset(workspace: Workspace, exercise: Exercise) -> Path | None:
    """Put the stub back, and return where the student's file is kept, if there was one.

    Raises:
        WorkspaceError: the folder cannot be written, or is the course's own.
    """
    answer = workspace.answer(exercise)
    if answer.resolve() == exercise.stub.resolve():
        raise WorkspaceError("This is the course's own stub; in a checkout, type: git restore")
    kept = None
    try:
        if content_of(answer) not in ("", content_of(exercise.stub)):
            names = (answer.with_name(f"{answer.name}.kept-{k}") for k in itertools.count(1))
            kept = next(name for name in names if not name.exists())
            answer.rename(kept)
        answer.parent.mkdir(parents=True, exist_ok=True)
        _replace(answer, exercise.stub.read_bytes())
    except OSError as error:
        raise WorkspaceError(f"{answer} cannot be written: {error.strerror}.") from None
    return kept


def pack(workspace: Workspace, exercises: tuple[Exercise, ...], target: Path) -> list[Exercise]:
    """Write the answers that are no bare stubs into an archive; return their exercises.

    The same answers give the same bytes.

    Raises:
        WorkspaceError: there is nothing to hand in, or the archive cannot be written.
    """
    packed = [
        one
        for one in exercises
        if content_of(workspace.answer(one)) not in ("", content_of(one.stub))
    ]
    if not packed:
        raise WorkspaceError("There is nothing to hand in yet: every file is as it came.")
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for exercise in packed:
            entry = zipfile.ZipInfo(f"{exercise.phase}/{exercise.name}.py")  # dated 1980
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, workspace.answer(exercise).read_bytes())
    try:
        _replace(target, buffer.getvalue())
    except OSError as error:
        raise WorkspaceError(f"{target} cannot be written: {error.strerror}.") from None
    return packed


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    (folder / MARK).mkdir(exist_ok=True)
    with filelock.FileLock(folder / MARK / "lock"):
        yield


def _replace(target: Path, content: bytes) -> None:
    """Write a file as a whole or not at all."""
    descriptor, name = tempfile.mkstemp(dir=target.parent, prefix=".writing-")
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
        os.chmod(name, 0o644)  # noqa: PTH101 (mkstemp's files are for the owner alone)
        Path(name).replace(target)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
