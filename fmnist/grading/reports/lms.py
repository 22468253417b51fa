"""The marks of a class in the form that its learning management system takes back.

The names in these files come from the system's own export and go back as they were, or it would
not know the students again. Nothing that a student wrote into a submission is in them.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from fmnist.exercises.verdicts import State
from fmnist.grading.hand_ins import roster as rosters
from fmnist.grading.judging.store import write_whole
from fmnist.grading.marks.gradebook import OPEN, Row, csv_text, items
from fmnist.grading.reports.text import number
from fmnist.tools import tables, wording

CANVAS_COLUMNS = ("Student", "ID", "SIS User ID", "SIS Login ID", "Section")
COLUMN = "fmnist"  # the assignment in Canvas; an instructor renames it to what theirs is called
SCALE = "scale"  # column in place of the maximum, where grades are words
GRADE = "Grade"  # column of Moodle's worksheet, where it was removed


def write(
    rows: Sequence[Row], roster: rosters.Roster | None, out: Path, *, scale: bool = False
) -> list[str]:
    """Write ``grades-<kind>.csv`` for the kind of a roster.

    A mark that the grader failed to make, or that nobody has given yet, is left out rather than
    written as 0. No file is written that the system would drop marks of without a word.

    Args:
        rows: of the class.
        roster: of the class; a plain one, or none, needs no file besides ``grades.csv``.
        out: folder.
        scale: whether marks are scaled to the maximum that Moodle has.

    Returns:
        sentences for the instructor.
    """
    kind = roster.kind if roster else ""
    unused = ["--scale has no effect: it is for marks that go back to Moodle."]
    if roster is None or kind not in WRITERS:
        return unused * scale
    table, notes = WRITERS[kind](rows, roster, scale)
    if kind != rosters.MOODLE:
        notes += unused * scale
    path = out / table_name(kind)
    if table is None:
        path.unlink(missing_ok=True)  # that of an earlier run has other marks
        return notes
    write_whole(path, csv_text(table, line_end="\r\n"))
    waiting = sum(row.waits for row in rows)
    if waiting:
        notes.append(
            f"grades-{kind}.csv has no mark for {waiting} of {len(rows)} students: the grader "
            "failed on them, or what they handed in is doubtful."
        )
    return notes


def table_name(kind: str) -> str:
    """Return the name of the file for the system of some kind of roster."""
    return f"grades-{kind}.csv"


Table = list[list[str]]


@dataclass(frozen=True)
class _Sum:
    """Which points a file has.

    Attributes:
        of: what they are for, in words.
        maximum: that can be had, the same for all.
        points: of a student; None where some are open.
    """

    of: str
    maximum: int
    points: Callable[[Row], float | None]


def _sums(rows: Sequence[Row]) -> list[_Sum]:
    """Return the points that can be given: of exercises; of projects, and of both, if there are."""
    most = max((row.exercise_max for row in rows), default=0)
    projects = max((row.project_max + sum(row.open.values()) for row in rows), default=0)
    exercises = _Sum("the exercises", most, lambda row: row.exercise_total)
    if not projects:
        return [exercises]
    return [
        exercises,
        _Sum("exercises and projects", most + projects, lambda row: _unless_open(row, row.total)),
        _Sum("the projects", projects, lambda row: _unless_open(row, row.project_total)),
    ]


def _unless_open(row: Row, points: float) -> float | None:
    return None if row.open else points


def _mark(row: Row, sum_: _Sum, factor: float = 1.0) -> str:
    """Return points; empty if some of them are open, or wait for the grader to be mended."""
    points = sum_.points(row)
    return "" if row.waits or points is None else number(points * factor)


def _moodle(
    rows: Sequence[Row], roster: rosters.Roster, scale: bool
) -> tuple[Table | None, list[str]]:
    sums, layout = _sums(rows), roster.worksheet
    if SCALE in map(tables.plain, roster.columns) and not layout.maximum:
        return None, [
            "grades-moodle.csv is not written: the assignment in Moodle has a scale of words, and "
            "Moodle drops points there without a word. Set its grade to points and download the "
            "worksheet again; all marks are in grades.csv."
        ]
    maxima = _maxima(rows, layout.maximum)
    fitting = [one for one in sums if maxima and all(one.maximum == most for most in maxima)]
    sum_, factor, notes = (fitting or sums)[0], 1.0, []
    if maxima and not fitting:
        least, most = min(maxima), sum_.maximum
        there = " and ".join(number(one) for one in sorted(maxima))
        differs = f"In Moodle the maximum grade is {there}, here {sum_.of} have {most}"
        if scale and len(maxima) == 1 and most:
            factor = least / most
            notes.append(f"{differs}: grades-moodle.csv has the marks scaled to {there}.")
        elif any((sum_.points(row) or 0) > least for row in rows):
            return None, [
                f"{differs}: grades-moodle.csv is not written, since Moodle drops grades above its "
                "maximum without a word. Set the same maximum there and download the worksheet "
                "again, or type the command with --scale; all marks are in grades.csv."
            ]
        else:
            notes.append(
                f"{differs}: grades-moodle.csv has the points as they are; set the same maximum "
                "there first, or type the command with --scale."
            )
    if len(sums) > 1:
        others = ", ".join(f"{one.of} ({one.maximum})" for one in sums if one is not sum_)
        notes.append(
            f"grades-moodle.csv has the points of {sum_.of} ({sum_.maximum}), since one column of "
            f"Moodle has one maximum; grades.csv has those of {others}, too."
        )
        notes += _still_open(rows, sum_, "grades-moodle.csv")
    columns = list(roster.columns)
    grade = layout.grade or GRADE
    if grade not in columns:
        columns.append(grade)
    table = [columns]
    for row in rows:
        filled = row.student.row | {grade: _mark(row, sum_, factor)}
        table.append([filled.get(column, "") for column in columns])
    return table, notes


def _maxima(rows: Sequence[Row], column: str) -> set[float]:
    """Return the maximum grades in a worksheet; a scale of words has none."""
    maxima = set()
    for row in rows:
        try:
            maxima.add(tables.number(row.student.row.get(column, "")))
        except ValueError:
            continue
    return {most for most in maxima if math.isfinite(most)}


def _still_open(rows: Sequence[Row], sum_: _Sum, file: str) -> list[str]:
    waiting = sum(sum_.points(row) is None for row in rows)
    if not waiting:
        return []
    students = wording.counted(waiting, "student")
    return [f"{file} has no mark for {students} whose project nobody has marked yet."]


def _canvas(rows: Sequence[Row], _: rosters.Roster, scale: bool) -> tuple[Table, list[str]]:  # noqa: ARG001
    sums = [one for one in _sums(rows) if one.of != "exercises and projects"]
    names = [COLUMN, f"{COLUMN} projects"][: len(sums)]
    table = [
        [*CANVAS_COLUMNS, *names],
        # Canvas writes and reads this second row with the spaces before it.
        [
            "    Points Possible",
            *[""] * (len(CANVAS_COLUMNS) - 1),
            *(number(one.maximum) for one in sums),
        ],
    ]
    for row in rows:
        cells = _cells(row)
        known = [cells.get(column.lower(), "") for column in CANVAS_COLUMNS]
        table.append([*known, *(_mark(row, one) for one in sums)])
    notes = [
        f'grades-canvas.csv has the points in a column "{COLUMN}": rename it to your assignment, '
        "with its number in brackets, or Canvas makes a new one."
    ]
    if len(sums) > 1:
        notes.append(
            f'grades-canvas.csv has the points of projects in a column of their own, "{names[1]}".'
        )
        notes += _still_open(rows, sums[1], "grades-canvas.csv")
    return table, notes


def _cells(row: Row) -> dict[str, str]:
    """Return a student's row of the roster by column in small letters, as rosters are read."""
    return rosters.trimmed(row.student.row)


def _gradescope(
    rows: Sequence[Row],
    roster: rosters.Roster,
    scale: bool,  # noqa: ARG001
) -> tuple[Table, list[str]]:
    names = items(rows)
    most = {
        name: points
        for row in rows
        for name, points in (*row.max_points.items(), *row.open.items())
    }
    whole = next(reversed(_sums(rows)[:2]))
    headers = [f"{name} ({most[name]} pts)" for name in names]
    table = [[*roster.columns, "Total Score", "Max Points", "Status", *headers]]
    for row in rows:
        known = [row.student.row.get(column, "") for column in roster.columns]
        status = "Missing" if row.record.state == State.MISSING else "Graded"
        points = [OPEN if name in row.open else number(row.points[name]) for name in names]
        table.append([*known, _mark(row, whole), number(whole.maximum), status, *points])
    return table, _still_open(rows, whole, "grades-gradescope.csv")


# Of each kind of roster what fills its file: rows of cells, and sentences for the instructor.
WRITERS = {
    rosters.MOODLE: _moodle,
    rosters.CANVAS: _canvas,
    rosters.GRADESCOPE: _gradescope,
}
