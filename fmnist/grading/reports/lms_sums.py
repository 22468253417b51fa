"""What files for learning management systems have: which points, and what beside them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from fmnist.grading.marks.gradebook import Row
from fmnist.grading.reports.text import number
from fmnist.tools import wording

Table = list[list[str]]


@dataclass(frozen=True)
class Upload:
    """What a system is to get beside the points.

    Attributes:
        comments: lines for each student, by id.
        assignments: names of the assignments that were graded.
        column: of the roster, as it was asked for; empty: the one that is called like the
            assignment.
    """

    comments: Mapping[str, Sequence[str]] = field(default_factory=dict)
    assignments: Sequence[str] = ()
    column: str = ""


NOTHING = Upload()


@dataclass(frozen=True)
class Sum:
    """Which points a file has.

    Attributes:
        of: what they are for, in words.
        maximum: that can be had, the same for all.
        points: of a student; None where some are open.
    """

    of: str
    maximum: int
    points: Callable[[Row], float | None]


def of_class(rows: Sequence[Row]) -> list[Sum]:
    """Return the points that can be given: of exercises; of projects, and of both, if there are."""
    most = max((row.exercise_max for row in rows), default=0)
    projects = max((row.project_max + sum(row.open.values()) for row in rows), default=0)
    exercises = Sum("the exercises", most, lambda row: row.exercise_total)
    if not projects:
        return [exercises]
    return [
        exercises,
        Sum("exercises and projects", most + projects, lambda row: _unless_open(row, row.total)),
        Sum("the projects", projects, lambda row: _unless_open(row, row.project_total)),
    ]


def _unless_open(row: Row, points: float) -> float | None:
    return None if row.open else points


def mark(row: Row, sum_: Sum, factor: float = 1.0) -> str:
    """Return points; empty if some of them are open, or wait for the grader to be mended."""
    points = sum_.points(row)
    return "" if row.waits or points is None else number(points * factor)


def still_open(rows: Sequence[Row], sum_: Sum, file: str) -> list[str]:
    """Return a sentence on the students whose points are open in a file, if there are any."""
    waiting = sum(sum_.points(row) is None for row in rows)
    if not waiting:
        return []
    students = wording.counted(waiting, "student")
    return [f"{file} has no mark for {students} whose project nobody has marked yet."]
