"""What all releases share: the course that goes out, and how it is written."""

import tempfile
from pathlib import Path

from fmnist import course
from fmnist.exercises import catalog
from fmnist.exercises.catalog import Exercise
from fmnist.tools import keeping, zips
from fmnist.tools.user_errors import UserError, writing

# Content by name, in POSIX form, relative to the release.
Files = dict[str, bytes]
PROGRAMS = ("setup.sh", "run_autograder")  # what is executable


class ReleaseError(UserError):
    """Nothing can be released so; the message says what to do."""


def need_solutions() -> None:
    """Raise a `ReleaseError` where there is no checkout with solutions.

    A copy for students needs them, too: without them nobody can prove that it has none.
    """
    if not course.SOLUTIONS.is_dir() or not (course.ROOT / "pyproject.toml").is_file():
        raise ReleaseError("solutions/ is missing: this needs a checkout with solutions.")


def exercises_of(assignment: str) -> tuple[Exercise, ...]:
    """Return the exercises of an assignment; of the whole course if it is empty.

    Raises:
        CatalogError: there is no such assignment.
        ReleaseError: there is no checkout with solutions.
    """
    need_solutions()
    return catalog.exercises_of(assignment) if assignment else catalog.load()


def phases_of(exercises: tuple[Exercise, ...]) -> list[str]:
    """Return the phases that have one of these exercises."""
    phases = {exercise.phase for exercise in exercises}
    return [phase for phase in course.PHASES if phase in phases]


def wheel() -> tuple[str, bytes]:
    """Return name and content of the installable package, which has no solutions.

    Raises:
        ModuleNotFoundError: hatchling is not installed.
    """
    from hatchling.builders.wheel import WheelBuilder

    with tempfile.TemporaryDirectory() as folder:
        built = WheelBuilder(str(course.ROOT)).build(directory=folder, versions=["standard"])
        path = Path(next(iter(built)))
        files = zips.unzipped(path.read_bytes())
    record = next(name for name in files if name.endswith(".dist-info/RECORD"))
    # File systems list as they like, and hatchling writes in that order.
    files[record] = b"".join(sorted(files[record].splitlines(keepends=True)))
    return path.name, zips.zipped(files, _mode)


def with_solutions(folder: str) -> Files:
    """Return the package and its solutions, as they lie in a checkout: for instructors alone.

    Raises:
        ModuleNotFoundError: hatchling is not installed.
    """
    _, built = wheel()
    files = {f"{folder}/{name}": content for name, content in zips.unzipped(built).items()}
    for path in course.SOLUTIONS.rglob("*.py"):
        name = path.relative_to(course.SOLUTIONS.parent).as_posix()
        files[f"{folder}/{name}"] = path.read_bytes()
    return files


def _mode(name: str) -> int:
    return zips.EXECUTABLE if name in PROGRAMS else zips.READABLE


def check_target(target: Path) -> None:
    """Refuse a target that would mix with, or replace, what is there.

    Raises:
        ReleaseError: it is a file, or a folder that is not empty.
    """
    if target.is_dir() and not any(target.iterdir()):
        return
    if target.exists() or target.is_symlink():
        raise ReleaseError(f"{target} is there already; remove it, or give another name.")


def write(files: Files, target: Path) -> None:
    """Write a release as a whole or not at all: an archive if it is called so, else a folder.

    Raises:
        ReleaseError: the target is there already, or cannot be written.
    """
    check_target(target)
    with writing(target, ReleaseError):
        target.parent.mkdir(parents=True, exist_ok=True)
        if target.suffix == ".zip":
            keeping.write_whole(target, zips.zipped(files, _mode), mode=0o644)
            return
        with tempfile.TemporaryDirectory(dir=target.parent, prefix=".releasing-") as folder:
            for name, content in files.items():
                path = Path(folder, "release", name)
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(content)
                path.chmod(_mode(name) & 0o777)
            if target.is_dir():
                target.rmdir()
            Path(folder, "release").rename(target)
