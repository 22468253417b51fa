"""A student's own folder: the stubs and their public checks, and what has been solved.

    <folder>/README.md                what lies here and how to start
    <folder>/<phase>/<name>.py        the stub, to be completed
    <folder>/<phase>/test_<name>.py   its public checks, to be read and run by plain pytest
    <folder>/<phase>/project.md       the open task of the phase
    <folder>/.fmnist/shipped.json     sums of the files as they came
    <folder>/.fmnist/progress.json    what was checked, when, and with what result
    <folder>/.fmnist/settings.json    where the book is on the web, if whoever gave it out said so

The files of ``.fmnist`` can be read by people, and are replaced as a whole or not at all.
"""

import datetime
import hashlib
import itertools
import os
import re
import zipfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import msgspec
from msgspec.structs import replace

from fmnist import course
from fmnist.exercises import catalog, reading
from fmnist.exercises.catalog import Exercise
from fmnist.tools import keeping, zips
from fmnist.tools.user_errors import UserError, writing

MARK = ".fmnist"
SETTINGS = "settings.json"
PACKED = "hand-in.zip"
READABLE = 0o644
NEW, TRIED, CHANGED, SOLVED = "new", "tried", "changed", "solved"

Content = TypeVar("Content")


class WorkspaceError(UserError):
    """The folder is not as it must be; the message says what to do."""


class Attempt(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
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

    def exercises(self) -> tuple[Exercise, ...]:
        """Return the exercises that came with this folder, in their order; in a checkout, all.

        What the installed package does not know is left out.

        Raises:
            WorkspaceError: the sums of its files cannot be read.
        """
        if not (self.path / MARK / "shipped.json").is_file():
            return catalog.load()
        by_stub = {f"{one.phase}/{one.name}.py": one for one in catalog.load()}
        there = [name for name in by_stub if (self.path / name).is_file()]
        names = dict.fromkeys([*shipped(self.path), *there])
        return tuple(by_stub[name] for name in names if name in by_stub)

    def attempts(self) -> dict[str, Attempt]:
        """Return what is known of each exercise that was checked, by its name.

        Raises:
            WorkspaceError: the file cannot be read, for example because it was changed by hand.
        """
        file = self.path / MARK / "progress.json"
        return _read(file, dict[str, Attempt], "only what was solved is forgotten")

    @property
    def site(self) -> str:
        """Where the book is on the web; empty if neither the environment nor the folder says it.

        Raises:
            WorkspaceError: the folder's settings cannot be read.
            NoAddress: what is said is no address.
        """
        file = self.path / MARK / SETTINGS
        settings = _read(file, dict[str, str], "only the address of the book is forgotten")
        return reading.told_site() or reading.site(settings.get("site", ""))

    def is_edited(self, exercise: Exercise) -> bool:
        """Return whether there is an answer that is no bare stub."""
        return content_of(self.answer(exercise)) not in ("", content_of(exercise.stub))

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
        return TRIED if self.is_edited(exercise) else NEW

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

    def others(self) -> list[str]:
        """Return the files of Python in the phases' folders that are no answer and no check."""
        known = {self.answer(one) for one in catalog.load()}
        found = [
            path for phase in course.PHASES for path in (self.path / phase).glob("*.[pP][yY]*")
        ]
        return sorted(
            str(path.relative_to(self.path))
            for path in found
            if path not in known and not path.name.startswith("test_")
        )

    def first_unsolved(self, exercises: Iterable[Exercise]) -> Exercise | None:
        """Return the first of some exercises that is not solved."""
        attempts = self.attempts()
        unsolved = (exercise for exercise in exercises if self.state(exercise, attempts) != SOLVED)
        return next(unsolved, None)

    def _change(self, exercise: Exercise, update: Callable[[Attempt], Attempt]) -> Attempt:
        with writing(self.path, WorkspaceError), keeping.alone(self.path / MARK / "lock"):
            attempts = self.attempts()
            changed = update(attempts.get(exercise.name, Attempt()))
            _keep(self.path / MARK / "progress.json", attempts | {exercise.name: changed})
            return changed


def here() -> Workspace:
    """Return the student's folder that the current one is in, or that lies in it as exercises/.

    In a checkout it is its exercises/.

    Raises:
        WorkspaceError: there is none.
    """
    for folder in (Path.cwd(), *Path.cwd().parents):
        for place in (folder, folder / "exercises"):  # as a copy for students has it
            if (place / MARK / "shipped.json").is_file():
                return Workspace(place)
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
        return sum_of(path.read_bytes())
    except (FileNotFoundError, NotADirectoryError):
        return ""
    except OSError as error:
        raise WorkspaceError(f"{path} cannot be read: {error.strerror}.") from None


def sum_of(content: bytes) -> str:
    """Return the SHA-256 of a text, whatever its line ends."""
    return hashlib.sha256(content.replace(b"\r\n", b"\n")).hexdigest()


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
    with writing(folder, WorkspaceError), keeping.alone(folder / MARK / "lock"):
        yield from _copy(folder)


def shipped(folder: Path) -> dict[str, str]:
    """Return the sums of a folder's files as they came, by their names; none if there are none.

    Raises:
        WorkspaceError: the file that has them cannot be read.
    """
    known = folder / MARK / "shipped.json"
    return _read(known, dict[str, str], "what you edited stays as it is")


def _copy(folder: Path) -> Iterator[tuple[Path, str]]:
    came = shipped(folder)
    names = []
    for source in sources(catalog.load()):
        name = source.relative_to(course.EXERCISES).as_posix()
        names.append(name)
        target, content = folder / name, content_of(source)
        present = content_of(target)
        if present == content:
            came[name] = content
        elif not present or present == came.get(name):
            target.parent.mkdir(exist_ok=True)
            keeping.write_whole(target, source.read_bytes(), mode=READABLE)
            came[name] = content
            yield target, "updated" if present else "added"
        elif came.get(name) != content:
            yield target, "kept"
    # In the order of the course, which is that of the lists.
    in_order = {name: came[name] for name in names if name in came}
    _keep(folder / MARK / "shipped.json", in_order | came)


def settings(site: str) -> bytes:
    """Return the content of `SETTINGS`.

    Args:
        site: where the book is on the web, see `reading.site`.
    """
    return msgspec.json.format(msgspec.json.encode({"site": site}), indent=2) + b"\n"


def _read(file: Path, kind: type[Content], loss: str) -> Content:
    """Return what a file of `MARK` holds; nothing if there is none."""
    try:
        return msgspec.json.decode(file.read_bytes(), type=kind)
    except FileNotFoundError:
        return kind()
    except (OSError, msgspec.MsgspecError) as error:
        raise WorkspaceError(f"{file} cannot be read ({error}). Delete it; {loss}.") from None


def _keep(file: Path, content: object) -> None:
    text = msgspec.json.format(msgspec.json.encode(content), indent=2)
    keeping.write_whole(file, text + b"\n", mode=READABLE)


def sources(exercises: Iterable[Exercise]) -> list[Path]:
    """Return the course's files that belong in a student's folder with some exercises."""
    chosen = tuple(exercises)
    phases = {exercise.phase for exercise in chosen}
    return [
        course.EXERCISES / "README.md",
        *(path for exercise in chosen for path in (exercise.stub, exercise.public_checks)),
        *(project.task for project in catalog.read().projects if project.phase in phases),
    ]


def reset(workspace: Workspace, exercise: Exercise) -> Path | None:
    """Put the stub back, and return where the student's file is kept, if there was one.

    Raises:
        WorkspaceError: the folder cannot be written, or is the course's own.
    """
    answer = workspace.answer(exercise)
    if answer.resolve() == exercise.stub.resolve():
        raise WorkspaceError("This is the course's own stub; in a checkout, type: git restore")
    kept = None
    with writing(answer, WorkspaceError):
        if workspace.is_edited(exercise):
            kept = put_aside(answer)
        answer.parent.mkdir(parents=True, exist_ok=True)
        keeping.write_whole(answer, exercise.stub.read_bytes(), mode=READABLE)
    return kept


def put_aside(path: Path) -> Path:
    """Give a person's file another name beside its own, and return it.

    Raises:
        OSError: the folder cannot be written.
    """
    names = (path.with_name(f"{path.name}.kept-{k}") for k in itertools.count(1))
    kept = next(name for name in names if not os.path.lexists(name))
    path.rename(kept)
    return kept


def _is_packed(target: Path) -> bool:
    """Return whether a file is an archive as `pack` writes it: answers in their phases alone."""
    try:
        with zipfile.ZipFile(target) as archive:
            names = archive.namelist()
    except (OSError, ValueError, NotImplementedError, zipfile.BadZipFile):
        return False
    answer = re.compile(rf"({'|'.join(course.PHASES)})/\w+\.py")
    return bool(names) and all(answer.fullmatch(name) for name in names)


def pack(workspace: Workspace, exercises: tuple[Exercise, ...], target: Path) -> list[Exercise]:
    """Write the answers that are no bare stubs into an archive; return their exercises.

    The same answers give the same bytes.

    Raises:
        WorkspaceError: there is nothing to hand in, something else is called as the archive is to
            be, or it cannot be written.
    """
    packed = [exercise for exercise in exercises if workspace.is_edited(exercise)]
    if not packed:
        raise WorkspaceError("There is nothing to hand in yet: every file is as it came.")
    if os.path.lexists(target) and not _is_packed(target):
        raise WorkspaceError(
            f"{target} is there already and is no archive of answers. Give another name, as in "
            "fmnist pack --out my-hand-in.zip"
        )
    files = {
        f"{exercise.phase}/{exercise.name}.py": workspace.answer(exercise).read_bytes()
        for exercise in packed
    }
    with writing(target, WorkspaceError):
        keeping.write_whole(target, zips.zipped(files), mode=READABLE)
    return packed
