"""The marks of a class run as later ones read them: ``marks.json`` in the folder of the class.

The next run tells by it whose mark moved and why, and the gradebook of a term is made of it.
"""

from collections.abc import Sequence
from pathlib import Path

import msgspec

from fmnist.exercises.verdicts import Verdict
from fmnist.grading.judging.record_keys import Key
from fmnist.grading.judging.store import to_json, write_whole
from fmnist.grading.marks import lateness
from fmnist.grading.marks.by_hand import Mark
from fmnist.grading.marks.gradebook import WAITING, Row
from fmnist.tools.user_errors import UserError

FILE = "marks.json"
FORMAT = 1


class NoMarks(UserError):
    """A folder has no marks of a class run that can be read; the message says what to do."""


class Marked(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a student had after a run.

    Attributes:
        name: for people; may be empty.
        email: may be empty.
        state: of the record.
        attempt: number of the hand-in that counts.
        total: points that count; None if some of them wait for the grader to be mended, or for a
            person to say which hand-in counts.
        max_total: that can be had.
        points: by exercise, and by phase for projects; None for a project that nobody has marked
            yet; what waits is not there.
        max_points: of all that can be had.
        by_hand: points that a person gave, by the same names.
        by_checks: points that the checks gave, by exercise.
        checks: of each exercise the outcome of every check.
        key: what decided the record; None if nothing was handed in.
        told: sentences for the student on how the mark moved, the last one last.
        deadline: for the hand-in, in words; empty if there is none.
        submitted: when it came, in words; empty if nobody knows.
        percent: of the points, that the rules took off.
        rule: by which they did, in words.
    """

    name: str
    email: str
    state: str
    attempt: int
    total: float | None
    max_total: int
    points: dict[str, float | None]
    max_points: dict[str, int]
    by_hand: dict[str, float]
    by_checks: dict[str, float]
    checks: dict[str, dict[str, str]]
    key: Key | None
    told: tuple[str, ...] = ()
    deadline: str = ""
    submitted: str = ""
    percent: float = 0.0
    rule: str = ""


class ClassMarks(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The marks of a class after a run.

    Attributes:
        format: of this file.
        ids: kind of the roster, which decides what an id is; empty if there was none.
        assignments: names of the assignments that were graded; none if exercises were chosen
            otherwise.
        rules: text of the rules of the class.
        students: by id, in the order of the class.
        unreached: the same of students whom an early end of the run left without a mark; what is
            there is older.
        has_rules: whether there was a file of rules.
    """

    format: int
    ids: str
    assignments: tuple[str, ...]
    rules: str
    students: dict[str, Marked]
    unreached: dict[str, Marked]
    has_rules: bool = False

    @property
    def known(self) -> dict[str, Marked]:
        """What is known of each student, by id, older marks among them."""
        return {**self.unreached, **self.students}

    @property
    def by_hand(self) -> int:
        """How many marks a person had given."""
        return sum(len(one.by_hand) for one in self.known.values())


def of(row: Row, marks: Sequence[Mark], key: Key | None) -> Marked:
    """Return what is kept of a row.

    Args:
        row: of the gradebook.
        marks: given by hand, to anybody.
        key: what decided the record; None if nothing was handed in.
    """
    parts = row.record.exercises
    given = {
        mark.item: mark.points
        for mark in marks
        if mark.student == row.student.id and mark.points is not None
    }
    waiting = {part.name for part in parts if part.state in WAITING}
    points = {
        name: points for name, points in row.points.items() if name in given or name not in waiting
    }
    late = row.lateness
    return Marked(
        name=row.student.name,
        email=row.student.email,
        state=row.record.state,
        attempt=row.record.attempt,
        total=None if row.waits else row.total,
        max_total=row.max_total,
        points=points | dict.fromkeys(row.open),
        max_points=dict(row.max_points),
        by_hand=given,
        by_checks={part.name: part.points for part in parts if part.name not in waiting},
        checks={
            part.name: {_name(verdict): verdict.outcome for verdict in part.verdicts}
            for part in parts
        },
        key=key,
        deadline=f"{lateness.written(late.deadline)} {late.zone}" if late.deadline else "",
        submitted=f"{lateness.written(late.submitted)} {late.zone}" if late.submitted else "",
        percent=late.percent,
        rule=late.rule,
    )


def _name(verdict: Verdict) -> str:
    return f"{verdict.check} (hidden)" if verdict.hidden else verdict.check


def read(folder: Path) -> ClassMarks:
    """Return the marks that a run left in its folder.

    Raises:
        NoMarks: there are none, they are of another version, or they cannot be read.
    """
    path = folder / FILE
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        raise NoMarks(
            f"{folder} has no {FILE}, so it is no folder of `fmnist grade`, or of an older version "
            "of it; give one that was its --out, or grade again."
        ) from None
    except OSError as error:
        raise NoMarks(f"{path} cannot be read: {error.strerror}.") from None
    try:
        fields = msgspec.json.decode(content, type=dict[str, msgspec.Raw])
        found = bytes(fields.get("format", msgspec.Raw(b"none"))).decode("utf-8", "replace")
        if found != str(FORMAT):
            raise NoMarks(
                f"{path} has the format {found[:20]!r}, and this version reads {FORMAT}; grade "
                "again with this version."
            )
        return msgspec.json.decode(content, type=ClassMarks)
    except msgspec.MsgspecError as error:  # it was cut off, or changed by hand
        raise NoMarks(f"{path} cannot be read ({error}); grade again.") from None


def earlier(folder: Path) -> tuple[ClassMarks | None, str]:
    """Return what an earlier run left, if there was one; and why that cannot be read, if so."""
    if not (folder / FILE).exists():
        return None, ""
    try:
        return read(folder), ""
    except NoMarks as error:
        return None, f"Nobody knows which marks moved: {error}"


def write(marks: ClassMarks, folder: Path) -> None:
    """Write marks into the folder of a class.

    Raises:
        OSError: they cannot be written.
    """
    write_whole(folder / FILE, to_json(msgspec.to_builtins(marks)))
