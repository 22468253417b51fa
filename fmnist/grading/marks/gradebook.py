"""What each student gets: a record, marks given by hand, and the rules of the class together."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from fmnist.exercises.catalog import Exercise
from fmnist.exercises.verdicts import State
from fmnist.grading.hand_ins.roster import Student
from fmnist.grading.judging.records import Record
from fmnist.grading.judging.store import write_whole
from fmnist.grading.marks import by_hand
from fmnist.grading.marks.policy import BEST, Policy

# What a spreadsheet may take for the beginning of a formula, full-width forms among them; and the
# quotation mark that we put before it, or two names could become one.
FORMULAS = ("=", "+", "-", "@", "\uff1d", "\uff0b", "\uff0d", "\uff20", "\t", "\r", "\n", " ", "'")
# For which a cell is put into quotes: what separates cells, somewhere, or lines.
SPECIAL = frozenset(',;|\t"\r\n\v\f\x1c\x1d\x1e\x85\u2028\u2029')


@dataclass(frozen=True)
class Row:
    """What a student gets.

    Attributes:
        student: as the roster has them.
        record: what the machine says.
        points: by exercise, and by phase for projects that have a mark.
        max_points: of the same.
        notes: on what people and rules changed, as sentences for the student.
        total: points that count.
        max_total: that can be had.
    """

    student: Student
    record: Record
    points: dict[str, float]
    max_points: dict[str, int]
    notes: tuple[str, ...]
    total: float
    max_total: int

    @property
    def waits(self) -> bool:
        """Whether some of the points wait for the grader to be mended."""
        return any(part.state == State.GRADER_ERROR for part in self.record.exercises)

    @property
    def share(self) -> float:
        """Of all points that could be had; 0 where there were none."""
        return self.total / self.max_total if self.max_total else 0.0


@dataclass(frozen=True)
class Attempt:
    """A record, and when what it judges was handed in."""

    record: Record
    submitted: datetime | None = None


def rows(
    attempts: dict[str, list[Attempt]],
    students: Iterable[Student],
    exercises: tuple[Exercise, ...],
    *,
    policy: Policy,
    marks: Sequence[by_hand.Mark] = (),
) -> list[Row]:
    """Return one row for each student, in their order.

    Args:
        attempts: records of each student, by id, in the order of the attempts; at least one.
        students: of the class.
        exercises: that count.
        policy: rules of the class.
        marks: given by hand, of these exercises and of projects; they are final, whatever the rules
            say of what the machine marked.
    """
    projects = {mark.item for mark in marks} - {exercise.name for exercise in exercises}
    of_class = []
    for student in students:
        own_marks = [mark for mark in marks if mark.student == student.id]
        candidates = [
            _row(student, attempt, exercises, policy, own_marks, projects)
            for attempt in attempts[student.id]
        ]
        of_class.append(_best(candidates) if policy.attempts.count == BEST else candidates[-1])
    return of_class


def _best(attempts: list[Row]) -> Row:
    """Return the attempt with most points, or one that the grader failed on and might be better."""
    best = max(attempts, key=lambda row: row.total)  # of equals the first
    failed = [row for row in attempts if row.waits]
    return failed[-1] if failed and best.total < best.max_total else best


def _row(
    student: Student,
    attempt: Attempt,
    exercises: tuple[Exercise, ...],
    policy: Policy,
    marks: list[by_hand.Mark],
    projects: set[str],
) -> Row:
    share, told = policy.lateness(student.id, attempt.submitted)
    points = {part.name: round(part.points * share, 2) for part in attempt.record.exercises}
    max_points = {exercise.name: exercise.points for exercise in exercises}
    notes = [told] if told else []
    for phase in sorted(projects):
        points[phase], max_points[phase] = 0.0, by_hand.maximum(phase) or 0
    for mark in marks:
        points[mark.item] = mark.points
        because = f": {mark.reason.rstrip('.')}" if mark.reason else ""
        notes.append(f"{mark.item}: {mark.points:g} points, given by a person{because}.")
    counted = dict(points)
    countable = dict(max_points)
    for group in policy.best:
        of = [name for name in group.of if name in counted]
        by_points = sorted(of, key=lambda name: counted[name] / max_points[name], reverse=True)
        for name in by_points[group.count :]:
            del counted[name], countable[name]
            notes.append(f"{name} does not count: the best {group.count} of its group do.")
    return Row(
        student=student,
        record=attempt.record,
        points=points,
        max_points=max_points,
        notes=tuple(notes),
        total=round(sum(counted.values()), 2),
        max_total=sum(countable.values()),
    )


def write(rows_: list[Row], folder: Path) -> Path:
    """Write ``grades.csv`` in `folder`, one row per student, and return its path.

    Its columns are student, state, points, max_points, isolation, and then one for each exercise
    and each marked project, with its points.
    """
    names = list(rows_[0].points) if rows_ else []
    table: list[list[object]] = [["student", "state", "points", "max_points", "isolation", *names]]
    for row in rows_:
        points = [row.points[name] for name in names]
        outcome = [row.record.state, row.total, row.max_total, row.record.isolation]
        table.append([cell(row.student.id), *outcome, *points])
    path = folder / "grades.csv"
    write_whole(path, csv_text(table))
    return path


def csv_text(table: Iterable[Iterable[object]], *, line_end: str = "\n") -> str:
    """Return the text of a CSV file from its rows, the header among them.

    A cell is quoted also for what separates cells elsewhere: in half of Europe a semicolon does.
    """
    lines = (",".join(map(_field, row)) or '""' for row in table)
    return "".join(f"{line}{line_end}" for line in lines)


def _field(value: object) -> str:
    text = "" if value is None else str(value)
    escaped = text.replace('"', '""')
    return f'"{escaped}"' if SPECIAL.intersection(text) else text


def cell(text: str) -> str:
    """Return text that a spreadsheet shows rather than computes."""
    return f"'{text}" if text.startswith(FORMULAS) else text
