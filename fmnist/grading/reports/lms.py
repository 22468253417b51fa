"""The marks of a class in the form that its learning management system takes back.

The names in these files come from the system's own export and go back as they were, or it would
not know the students again. Nothing that a student wrote into a submission is in them.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from fmnist.exercises import catalog
from fmnist.exercises.verdicts import State
from fmnist.grading.hand_ins import roster as rosters
from fmnist.grading.hand_ins.names import same
from fmnist.grading.judging.store import write_whole
from fmnist.grading.marks.gradebook import Row, csv_text
from fmnist.grading.reports import comments
from fmnist.grading.reports.text import number
from fmnist.tools.user_errors import UserError

CANVAS_COLUMNS = ("Student", "ID", "SIS User ID", "SIS Login ID", "Section")
COLUMN = "fmnist"  # the assignment in Canvas where the roster has none that is called like it
ASSIGNMENT = re.compile(r"(.+) \(([0-9]+)\)")  # a column of Canvas: its name and number
GRADE, MAXIMUM = "grade", "maximum grade"  # columns of Moodle's worksheet
COMMENTS = "feedback comments"


class NoColumn(UserError):
    """The roster has no such column, or several; the message names those that it has."""


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


def write(
    rows: Sequence[Row], roster: rosters.Roster | None, out: Path, upload: Upload = Upload()
) -> list[str]:
    """Write ``grades-<kind>.csv`` for the kind of a roster, and remove those of other kinds.

    A mark that the grader failed to make is left out rather than written as 0.

    Args:
        rows: of the class.
        roster: of the class; a plain one, or none, needs no file besides ``grades.csv``.
        out: folder.
        upload: what the file has beside the points.

    Returns:
        sentences for the instructor.
    """
    kind = roster.kind if roster else ""
    for other in WRITERS:
        if other != kind:
            (out / f"grades-{other}.csv").unlink(missing_ok=True)
    if roster is None or kind not in WRITERS:
        return []
    table, notes = WRITERS[kind](rows, roster, upload)
    write_whole(out / f"grades-{kind}.csv", csv_text(table, line_end="\r\n"))
    waiting = sum(not _mark(row) for row in rows)
    if waiting:
        notes.append(
            f"grades-{kind}.csv has no mark for {waiting} of {len(rows)} students: the grader "
            "failed on them."
        )
    return notes


Table = list[list[str]]


def _mark(row: Row) -> str:
    """Return the points of a student; empty if some of them wait for the grader to be mended."""
    return "" if row.waits else number(row.total)


def _moodle(rows: Sequence[Row], roster: rosters.Roster, upload: Upload) -> tuple[Table, list[str]]:
    columns = list(roster.columns)
    grade = next((column for column in columns if column.strip().lower() == GRADE), "Grade")
    if grade not in columns:
        columns.append(grade)
    comment = next((column for column in columns if column.strip().lower() == COMMENTS), "")
    table = [columns]
    for row in rows:
        filled = row.student.row | {grade: _mark(row)}
        ours = upload.comments.get(row.student.id)
        if comment and ours:
            filled[comment] = comments.joined(filled.get(comment, ""), ours)
        table.append([filled.get(column, "") for column in columns])
    notes = []
    if not comment:
        notes.append(
            'The worksheet has no column "Feedback comments", so it takes none: switch on the '
            "feedback type in the assignment's settings, and download it again."
        )
    most = rows[0].max_total if rows else 0
    maxima = {_cells(row).get(MAXIMUM, "") for row in rows}
    others = sorted(
        maximum for maximum in maxima - {""} if not re.fullmatch(rf"{most}([.,]0+)?", maximum)
    )
    if others:
        notes.append(
            f"In Moodle the maximum grade is {', '.join(others[:3])}, here it is {most}: "
            "grades-moodle.csv has points as they are, so set the same maximum there first."
        )
    return table, notes


# --- Canvas ---


def assignments_in(roster: rosters.Roster) -> list[str]:
    """Return the columns of Canvas's gradebook that are assignments."""
    return [column for column in roster.columns if ASSIGNMENT.fullmatch(column.strip())]


def column_of(roster: rosters.Roster | None, name: str) -> str:
    """Return the column of an assignment, with its number, as Canvas knows it again.

    Args:
        roster: of the class.
        name: of the assignment, with its number or without.

    Raises:
        NoColumn: the roster is not Canvas's, or none or several of its columns are called so.
    """
    if roster is None or roster.kind != rosters.CANVAS:
        raise NoColumn("--column is for Canvas: give its gradebook, as exported, with --roster.")
    columns = assignments_in(roster)
    found = _called(columns, [name])
    if len(found) != 1:
        what = "several columns" if found else "no column"
        there = ", ".join(found or columns) or "none that is an assignment"
        raise NoColumn(
            f"The roster has {what} for --column {name!r}; give one as it stands there, with its "
            f"number: {there}."
        )
    return found[0]


def _called(columns: Sequence[str], names_: Sequence[str]) -> list[str]:
    """Return the columns that have one of these names, as a person would say that they do."""
    exact = [column for column in columns if column.strip() in {name.strip() for name in names_}]
    wanted = {_letters(name) for name in names_} - {""}
    return exact or [
        column for column in columns if _letters(ASSIGNMENT.sub(r"\1", column.strip())) in wanted
    ]


def _letters(text: str) -> str:
    return "".join(character for character in same(text) if character.isalnum())


def _column(roster: rosters.Roster, upload: Upload) -> tuple[str, str]:
    """Return the column for the points, and a sentence if the roster does not say which it is."""
    if upload.column:
        return column_of(roster, upload.column), ""
    titles = {entry.name: entry.title for entry in catalog.read().assignments}
    names_ = [*upload.assignments] if len(upload.assignments) == 1 else []
    names_ += [titles[name] for name in names_] + [f"{name} {titles[name]}" for name in names_]
    columns = assignments_in(roster)
    found = _called(columns, names_)
    if len(found) == 1:
        return found[0], ""
    which = "Several columns are" if found else "No column of the roster is"
    there = ", ".join(f'"{column}"' for column in (found or columns)[:5])
    choose = f" (there are {there})" if there else ""
    return COLUMN, (
        f'{which} called like what was graded: grades-canvas.csv has the points in "{COLUMN}", of '
        "which Canvas makes a new assignment. Choose a column of the roster with --column"
        f"{choose}."
    )


def _canvas(rows: Sequence[Row], roster: rosters.Roster, upload: Upload) -> tuple[Table, list[str]]:
    column, told = _column(roster, upload)
    most = number(rows[0].max_total) if rows else "0"
    notes = [told] if told else []
    possible = next(
        (
            cells.get(column, "").strip()
            for cells in roster.others
            if rosters.trimmed(cells).get("student", "").lower().startswith("points possible")
        ),
        "",
    )
    if possible and not re.fullmatch(rf"{re.escape(most)}([.,]0+)?", possible):
        notes.append(
            f'In Canvas "{column}" has {possible} points, here it is {most}: grades-canvas.csv has '
            "points as they are, so set the same there first."
        )
    # Canvas writes and reads this second row with the spaces before it.
    table = [
        [*CANVAS_COLUMNS, column],
        ["    Points Possible", *[""] * (len(CANVAS_COLUMNS) - 1), possible or most],
    ]
    for row in rows:
        cells = _cells(row)
        table.append([*(cells.get(name.lower(), "") for name in CANVAS_COLUMNS), _mark(row)])
    notes.append(
        "Canvas's file of grades takes no comments, and its upload of files calls each like the "
        "hand-in: feedback.csv has a comment for each student, to be sent by mail."
    )
    return table, notes


def _cells(row: Row) -> dict[str, str]:
    """Return a student's row of the roster by column in small letters, as rosters are read."""
    return {column.strip().lower(): cell for column, cell in row.student.row.items()}


def _gradescope(rows: Sequence[Row], roster: rosters.Roster, _: Upload) -> tuple[Table, list[str]]:
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
