"""What each student gets: a record, marks given by hand, and the rules of the class together."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

from fmnist.course import PHASES
from fmnist.exercises.catalog import Exercise
from fmnist.exercises.rubrics import Criterion
from fmnist.exercises.verdicts import State
from fmnist.grading.hand_ins.roster import Student
from fmnist.grading.judging.records import Record
from fmnist.grading.judging.store import write_whole
from fmnist.grading.marks import by_hand
from fmnist.grading.marks.lateness import Lateness
from fmnist.grading.marks.policy import BEST, Policy
from fmnist.tools import wording

# What a spreadsheet may take for the beginning of a formula, full-width forms among them; and the
# quotation mark that we put before it, or two names could become one.
FORMULAS = ("=", "+", "-", "@", "\uff1d", "\uff0b", "\uff0d", "\uff20", "\t", "\r", "\n", " ", "'")
OPEN = "open"  # in place of points that nobody has given yet
# Of an exercise that has no mark yet, and not 0.
WAITING = (State.GRADER_ERROR, State.DOUBTFUL)
COLUMNS = (
    "student",
    "name",
    "email",
    "state",
    "points",
    "max_points",
    "exercise_points",
    "project_points",
    "open",
    "attempt",
    "submitted",
    "deadline",
    "days_late",
    "percent_off",
    "rule",
    "isolation",
)
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
        total: points that count; what is open does not.
        max_total: that can be had where nothing is open.
        lateness: what the rules made of the time of the hand-in.
        open: what can be had of projects that others in the class have a mark for, or will have,
            and this student has none yet; by phase.
        criteria: of projects that were marked by their rubrics, by phase: points by criterion.
    """

    student: Student
    record: Record
    points: dict[str, float]
    max_points: dict[str, int]
    notes: tuple[str, ...]
    total: float
    max_total: int
    lateness: Lateness = field(default_factory=Lateness)
    open: dict[str, int] = field(default_factory=dict)
    criteria: dict[str, tuple[tuple[Criterion, float], ...]] = field(default_factory=dict)

    @property
    def waits(self) -> bool:
        """Whether some of the points wait: for the grader to be mended, or for a person's word."""
        return any(part.state in WAITING for part in self.record.exercises)

    @property
    def share(self) -> float:
        """Of all points that could be had; 0 where there were none."""
        return self.total / self.max_total if self.max_total else 0.0

    @property
    def project_total(self) -> float:
        """Points of projects."""
        points = (self.points[phase] for phase in PHASES if phase in self.points)
        return round(sum(points, start=0.0), 2)

    @property
    def project_max(self) -> int:
        """That can be had for the projects that have a mark."""
        return sum(self.max_points[phase] for phase in PHASES if phase in self.max_points)

    @property
    def exercise_total(self) -> float:
        """Points of exercises that count."""
        return round(self.total - self.project_total, 2)

    @property
    def exercise_max(self) -> int:
        """That can be had for exercises."""
        return self.max_total - self.project_max


@dataclass(frozen=True)
class Attempt:
    """A record, and when what it judges was handed in.

    Attributes:
        record: what the machine says.
        submitted: when it came; None if nobody knows.
        said_late: what the system says of that.
    """

    record: Record
    submitted: datetime | None = None
    said_late: str = ""


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
            say of what the machine marked. A project for which nobody has a line is none.
    """
    projects = {mark.item for mark in marks} - {exercise.name for exercise in exercises}
    of_class = []
    for student in students:
        own_marks = [mark for mark in marks if mark.student == student.id]
        candidates = [
            _row(student, attempt, exercises, policy, own_marks, projects)
            for attempt in _timed(attempts[student.id], policy.submitted.get(student.id))
        ]
        of_class.append(_best(candidates) if policy.attempts.count == BEST else candidates[-1])
    return of_class


def unknown_times(rows_: Iterable[Row]) -> list[str]:
    """Return what an instructor must know of hand-ins to which no deadline could be applied."""
    handed_in = [row for row in rows_ if row.record.state != State.MISSING]
    unknown = [row for row in handed_in if row.lateness.unknown]
    if not unknown:
        return []
    them = "it" if len(unknown) == 1 else "them"
    told = [
        f"The time of {len(unknown)} of {len(handed_in)} hand-ins is unknown, so the deadline was "
        f"not applied to {them}. A roster with a column submitted, or a table [submitted] in the "
        "rules, can give it."
    ]
    said = [row for row in unknown if row.lateness.said_late]
    if said:
        names = wording.some(
            [f"{row.student.name or row.student.id} ({row.lateness.said_late})" for row in said]
        )
        told.append(f"Of these, the platform calls late, and nothing was taken off: {names}.")
    return told


def _best(attempts: list[Row]) -> Row:
    """Return the attempt with most points, or one that the grader failed on and might be better."""
    best = max(attempts, key=lambda row: row.total)  # of equals the first
    failed = [row for row in attempts if row.waits]
    return failed[-1] if failed and best.total < best.max_total else best


def _timed(attempts: list[Attempt], submitted: datetime | None) -> list[Attempt]:
    """Return the attempts, the last with the time that the rules give, if they give one."""
    *others, last = attempts
    return [*others, replace(last, submitted=submitted)] if submitted else attempts


def _row(
    student: Student,
    attempt: Attempt,
    exercises: tuple[Exercise, ...],
    policy: Policy,
    marks: list[by_hand.Mark],
    projects: set[str],
) -> Row:
    lateness = Lateness()
    if attempt.record.state != State.MISSING:
        lateness = policy.lateness(student.id, attempt.submitted, attempt.said_late)
    points = {
        part.name: round(part.points * lateness.share, 2) for part in attempt.record.exercises
    }
    max_points = {exercise.name: exercise.points for exercise in exercises}
    notes = [lateness.told] if lateness.told else []
    open_ = {phase: by_hand.maximum(phase) or 0 for phase in sorted(projects)}
    for mark in marks:
        if mark.points is None:
            continue
        points[mark.item] = mark.points
        max_points[mark.item] = by_hand.maximum(mark.item) or 0
        open_.pop(mark.item, None)
        because = f": {mark.reason.rstrip('.')}" if mark.reason else ""
        worth = "1 point" if mark.points == 1 else f"{mark.points:g} points"
        notes.append(f"{mark.item}: {worth}, given by a person{because}.")
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
        lateness=lateness,
        open=open_,
        criteria={
            mark.item: tuple((one, given) for one, given in mark.criteria if given is not None)
            for mark in marks
            if mark.criteria and mark.points is not None
        },
    )


def items(rows_: Iterable[Row]) -> list[str]:
    """Return the exercises and then the projects of a class, each in the course's order."""
    names = dict.fromkeys(name for row in rows_ for name in (*row.points, *row.open))
    return [
        *(name for name in names if name not in PHASES),
        *(phase for phase in PHASES if phase in names),
    ]


def write(rows_: list[Row], folder: Path) -> Path:
    """Write ``grades.csv`` in `folder`, one row per student, and return its path.

    Its columns are `COLUMNS`, and then one for each exercise and each marked project, with its
    points, or the word "open" where nobody has marked it yet. What has no mark yet, since nobody
    knows what counts or the grader failed, is empty. Times have their offset.
    """
    names = items(rows_)
    table: list[list[object]] = [[*COLUMNS, *names]]
    for row in rows_:
        student, late = row.student, row.lateness
        times = [time.isoformat() if time else "" for time in (late.submitted, late.deadline)]
        is_known = late.deadline is not None and late.submitted is not None
        penalty = [late.days, f"{late.percent:g}", late.rule] if is_known else [""] * 3
        table.append(
            [
                *(cell(text) for text in (student.id, student.name, student.email)),
                *(row.record.state, "" if row.waits else row.total, row.max_total),
                *("" if row.waits else row.exercise_total, row.project_total, " ".join(row.open)),
                *(row.record.attempt, *times, *penalty, row.record.isolation),
                *(OPEN if name in row.open else _points_of(row, name) for name in names),
            ]
        )
    path = folder / "grades.csv"
    write_whole(path, csv_text(table))
    return path


def _points_of(row: Row, item: str) -> object:
    """Return the points of an item; nothing of an exercise that has no mark yet."""
    states = {part.name: part.state for part in row.record.exercises}
    return "" if states.get(item) in WAITING else row.points.get(item, "")


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
