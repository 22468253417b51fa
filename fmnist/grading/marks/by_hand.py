"""Marks that a person gives, from a CSV file: of projects, and in place of a machine's.

The columns are ``student,item,points,reason``; an item is an exercise, or a phase for its project.
The file is only read, so that its marks survive whatever is graded again.
"""

import csv
import io
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from pathlib import Path

from fmnist import course
from fmnist.exercises import catalog
from fmnist.exercises.catalog import Exercise
from fmnist.grading.hand_ins.roster import LINE_ENDS, NO_END
from fmnist.tools.user_errors import UserError

COLUMNS = ("student", "item", "points", "reason")


class MarksError(UserError):
    """The file of marks is not as it must be; the message names the line and the mend."""


@dataclass(frozen=True)
class Mark:
    """A mark given by a person.

    Attributes:
        student: who gets it.
        item: name of an exercise, or phase of a project.
        points: from 0 to the item's maximum.
        reason: why; an exercise that a machine has marked needs one.
    """

    student: str
    item: str
    points: float
    reason: str


def maximum(item: str) -> int | None:
    """Return what an item can earn; None if there is no such item."""
    course_ = catalog.read()
    points = {exercise.name: exercise.points for exercise in course_.exercises}
    points |= {project.phase: project.points for project in course_.projects}
    return points.get(item)


def read(path: Path, students: Collection[str]) -> tuple[Mark, ...]:
    """Return the marks in a file.

    Args:
        path: of the file, UTF-8.
        students: who can get one.

    Raises:
        MarksError: the file cannot be read, its last line has no end, or a line names no student
            or item of the course, has points out of range, lacks a reason, or repeats another.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            text = file.read()
        rows = list(csv.DictReader(io.StringIO(text, newline=""), strict=True))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise MarksError(f"The marks in {path} cannot be read: {error}.") from None
    if not text:
        raise MarksError(f"{path.name} is empty; expected a first line {','.join(COLUMNS)}.")
    if not text.endswith(LINE_ENDS):
        raise MarksError(f"{path.name}: {NO_END}.")
    marks: dict[tuple[str, str], Mark] = {}
    for number, row in enumerate(rows, start=2):
        mark = _mark(f"{path.name}, line {number}", row, students)
        if (mark.student, mark.item) in marks:
            raise MarksError(f"{path.name}, line {number}: a second mark for {mark.item}.")
        marks[mark.student, mark.item] = mark
    return tuple(marks.values())


def counted(
    marks: Iterable[Mark], exercises: Collection[Exercise]
) -> tuple[tuple[Mark, ...], tuple[Mark, ...]]:
    """Return the marks that belong to what is graded, and the others.

    One file may hold the marks of a whole term; those of another assignment would be points that
    the rest of the class could not have.

    Args:
        marks: given by hand.
        exercises: that count; the projects of their phases do, too.
    """
    items = {exercise.name for exercise in exercises} | {one.phase for one in exercises}
    both: tuple[list[Mark], list[Mark]] = ([], [])
    for mark in marks:
        both[mark.item not in items].append(mark)
    return tuple(both[0]), tuple(both[1])


def _mark(place: str, row: dict, students: Collection[str]) -> Mark:
    if {*COLUMNS} - row.keys() or None in row or None in row.values():
        raise MarksError(f"{place}: expected the columns {','.join(COLUMNS)}.")
    student, item, reason = (row[name].strip() for name in ("student", "item", "reason"))
    if student not in students:
        raise MarksError(f"{place}: there is no student {student!r} in this class.")
    highest = maximum(item)
    if highest is None:
        raise MarksError(f"{place}: {item!r} is no exercise, and no phase with a project.")
    try:
        points = float(row["points"])
    except ValueError:
        raise MarksError(f"{place}: {row['points']!r} is no number of points.") from None
    if not 0 <= points <= highest:
        raise MarksError(f"{place}: {points:g} points for {item}; give 0 to {highest}.")
    if not reason and item not in course.PHASES:
        raise MarksError(f"{place}: say why {item} gets other points than the grader gave.")
    return Mark(student, item, points, reason)
