"""What an earlier run left in the folder of results and this one does not have: kept aside.

Grading another section, or another assignment, into the same folder would put its marks into the
place of the earlier ones. That is refused, or what was there is moved into ``earlier-<n>`` beside
it. Nothing is removed.
"""

import json
import shutil
from collections.abc import Collection, Sequence
from pathlib import Path

from fmnist.tools import results_folders, wording
from fmnist.tools.results_folders import RECORDS, STUDENTS, TABLES, TIMES
from fmnist.tools.terminal import shown
from fmnist.tools.user_errors import UserError

ASIDE = "earlier"
REPORTS = ("feedback.html", "feedback.md", "results.json", "junit.xml")  # of a student
MAX_NAMED = 5


class OtherResults(UserError):
    """The folder has results that this run would replace; the message says what to type."""


def set_aside(
    folder: Path,
    hand_ins: Collection[tuple[str, int]],
    students: Collection[str],
    exercises: Sequence[str],
    *,
    tables: Collection[str],
    allowed: bool,
) -> list[str]:
    """Keep apart what is not of this run, and mark the folder with what is.

    Args:
        folder: of the results, which is marked.
        hand_ins: student and attempt of each that is there.
        students: of the class, those that handed in nothing among them.
        exercises: names of those that count, in the course's order.
        tables: names of the files for another system than that of this run.
        allowed: whether results of other students and exercises may be moved.

    Returns:
        what was done, in sentences.

    Raises:
        OtherResults: there are such results, and they may not be moved.
        OSError: something cannot be moved.
    """
    wanted, handing_in = set(hand_ins), {student for student, _ in hand_ins}
    there = [*results_folders.records(folder)]
    # What only lies where records do is not read, written or moved.
    others = [one for one in there if one[:2] not in wanted and results_folders.is_record(one[2])]
    names = sorted({student for student, _, _ in others} - handing_in)
    before = results_folders.mark_of(folder).exercises
    gone = [name for name in before if name not in exercises] if there else []
    if not allowed and (names or gone):
        raise OtherResults(_refusal(folder, names, gone))
    if gone:
        others = [one for one in there if results_folders.is_record(one[2])]
    moved = [path for student, attempt, path in others]
    moved += [folder / TIMES / path.relative_to(folder / RECORDS) for path in moved]
    left = {student for student, _, _ in others} if gone else set(names)
    for place in _folders(folder / STUDENTS):
        if place.name in left or (place.name not in students and _is_ours(place)):
            moved += [place / report for report in REPORTS]
    moved += [folder / table for table in tables]
    moved = [path for path in moved if path.is_file() and not path.is_symlink()]
    told = []
    if moved:
        aside = _next(folder)
        aside.mkdir(mode=0o700)
        for path in folder.iterdir():
            if TABLES.fullmatch(path.name) and path.is_file() and path not in moved:
                shutil.copy2(path, aside / path.name)  # this run writes them anew
        for path in moved:
            _move(path, aside / path.relative_to(folder))
        whom = f" of {_listed(sorted({path[0] for path in others}))}" if others else ""
        told = [f"What an earlier run left{whom} and this one does not have is kept in {aside}"]
    results_folders.write_mark(folder, tuple(exercises))
    return told


def _refusal(folder: Path, names: list[str], gone: list[str]) -> str:
    if names:
        count = wording.counted(len(names), "student")
        what = f"{count} not in this run ({_listed(names)})"
    else:
        what = f"exercises that are not graded here ({_listed(gone)})"
    number = next(n for n in range(2, 10**9) if not Path(f"{folder}-{n}").exists())
    return (
        f"{folder} has results of an earlier run, of {what}. Give another folder, as in --out "
        f"{folder}-{number}; or add --set-aside, and they are moved to {_next(folder)}"
    )


def _listed(names: list[str]) -> str:
    some = [shown(name) for name in names[:MAX_NAMED]]
    return ", ".join([*some, "..."] if len(names) > MAX_NAMED else some)


def _next(folder: Path) -> Path:
    """Return the first ``earlier-<n>`` at which there is nothing."""
    paths = (folder / f"{ASIDE}-{number}" for number in range(1, 10**9))
    return next(path for path in paths if not path.exists() and not path.is_symlink())


def _folders(place: Path) -> list[Path]:
    if not place.is_dir() or place.is_symlink():
        return []
    return sorted(path for path in place.iterdir() if path.is_dir() and not path.is_symlink())


def _is_ours(place: Path) -> bool:
    """Return whether a folder has the reports of a student, by the one that names its maker."""
    try:
        results = json.loads((place / "results.json").read_bytes())
        return "state" in results["extra_data"]
    except (OSError, ValueError, TypeError, LookupError, RecursionError):
        return False


def _move(path: Path, target: Path) -> None:
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    path.rename(target)
    if path.parent.parent.name == STUDENTS and not any(path.parent.iterdir()):
        path.parent.rmdir()
