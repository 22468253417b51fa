"""The marks of a class in the form that its learning management system takes back.

The names in these files come from the system's own export and go back as they were, or it would
not know the students again. Nothing that a student wrote into a submission is in them.
"""

import re
from collections.abc import Sequence
from pathlib import Path

from fmnist.exercises.verdicts import State
from fmnist.grading.hand_ins import roster as rosters
from fmnist.grading.judging.store import write_whole
from fmnist.grading.marks.gradebook import Row, csv_text
from fmnist.grading.reports.text import number

CANVAS_COLUMNS = ("Student", "ID", "SIS User ID", "SIS Login ID", "Section")
COLUMN = "fmnist"  # the assignment in Canvas; an instructor renames it to what theirs is called
GRADE, MAXIMUM = "grade", "maximum grade"  # columns of Moodle's worksheet


def write(rows: Sequence[Row], roster: rosters.Roster | None, out: Path) -> list[str]:
    """Write ``grades-<kind>.csv`` for the kind of a roster.

    A mark that the grader failed to make is left out rather than written as 0.

    Args:
        rows: of the class.
        roster: of the class; a plain one, or none, needs no file besides ``grades.csv``.
        out: folder.

    Returns:
        sentences for the instructor.
    """
    kind = roster.kind if roster else ""
    if roster is None or kind not in WRITERS:
        return []
    table, notes = WRITERS[kind](rows, roster)
    write_whole(out / table_name(kind), csv_text(table, line_end="\r\n"))
    waiting = sum(not _mark(row) for row in rows)
    if waiting:
        notes.append(
            f"grades-{kind}.csv has no mark for {waiting} of {len(rows)} students: the grader "
            "failed on them."
        )
    return notes


def table_name(kind: str) -> str:
    """Return the name of the file for the system of some kind of roster."""
    return f"grades-{kind}.csv"


Table = list[list[str]]


def _mark(row: Row) -> str:
    """Return the points of a student; empty if some of them wait for the grader to be mended."""
    return "" if row.waits else number(row.total)


def _moodle(rows: Sequence[Row], roster: rosters.Roster) -> tuple[Table, list[str]]:
    columns = list(roster.columns)
    grade = next((column for column in columns if column.strip().lower() == GRADE), "Grade")
    if grade not in columns:
        columns.append(grade)
    table = [columns]
    for row in rows:
        filled = row.student.row | {grade: _mark(row)}
        table.append([filled.get(column, "") for column in columns])
    most = rows[0].max_total if rows else 0
    maxima = {_cells(row).get(MAXIMUM, "") for row in rows}
    others = sorted(
        maximum for maximum in maxima - {""} if not re.fullmatch(rf"{most}([.,]0+)?", maximum)
    )
    if not others:
        return table, []
    return table, [
        f"In Moodle the maximum grade is {', '.join(others[:3])}, here it is {most}: "
        "grades-moodle.csv has points as they are, so set the same maximum there first."
    ]


def _canvas(rows: Sequence[Row], _: rosters.Roster) -> tuple[Table, list[str]]:
    # Canvas writes and reads this second row with the spaces before it.
    most = number(rows[0].max_total) if rows else "0"
    table = [
        [*CANVAS_COLUMNS, COLUMN],
        ["    Points Possible", *[""] * (len(CANVAS_COLUMNS) - 1), most],
    ]
    for row in rows:
        cells = _cells(row)
        table.append([*(cells.get(column.lower(), "") for column in CANVAS_COLUMNS), _mark(row)])
    return table, [
        f'grades-canvas.csv has the points in a column "{COLUMN}": rename it to your assignment, '
        "with its number in brackets, or Canvas makes a new one."
    ]


def _cells(row: Row) -> dict[str, str]:
    """Return a student's row of the roster by column in small letters, as rosters are read."""
    return {column.strip().lower(): cell for column, cell in row.student.row.items()}


def _gradescope(rows: Sequence[Row], roster: rosters.Roster) -> tuple[Table, list[str]]:
    items = rows[0].max_points if rows else {}
    headers = [f"{name} ({most} pts)" for name, most in items.items()]
    table = [[*roster.columns, "Total Score", "Max Points", "Status", *headers]]
    for row in rows:
        known = [row.student.row.get(column, "") for column in roster.columns]
        status = "Missing" if row.record.state == State.MISSING else "Graded"
        points = [number(row.points[name]) for name in items]
        table.append([*known, _mark(row), number(row.max_total), status, *points])
    return table, []


# Of each kind of roster what fills its file: rows of cells, and sentences for the instructor.
WRITERS = {
    rosters.MOODLE: _moodle,
    rosters.CANVAS: _canvas,
    rosters.GRADESCOPE: _gradescope,
}
