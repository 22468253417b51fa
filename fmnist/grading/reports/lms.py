"""The marks of a class in the form that its learning management system takes back.

The names in these files come from the system's own export and go back as they were, or it would
not know the students again. Nothing that a student wrote into a submission is in them.
"""

import math
from collections.abc import Sequence
from pathlib import Path

from fmnist.exercises.verdicts import State
from fmnist.grading.hand_ins import roster as rosters
from fmnist.grading.judging.store import write_whole
from fmnist.grading.marks.gradebook import OPEN, Row, csv_text, items
from fmnist.grading.reports import comments, lms_canvas
from fmnist.grading.reports.lms_sums import NOTHING, Sum, Table, Upload, mark, of_class, still_open
from fmnist.grading.reports.text import number
from fmnist.tools import tables

SCALE = "scale"  # column in place of the maximum, where grades are words
GRADE = "Grade"  # column of Moodle's worksheet, where it was removed
NO_COMMENTS = (
    'The worksheet has no column "Feedback comments", so it takes none: switch on the '
    "feedback type in the assignment's settings, and download it again."
)


def write(
    rows: Sequence[Row],
    roster: rosters.Roster | None,
    out: Path,
    upload: Upload = NOTHING,
    *,
    scale: bool = False,
) -> list[str]:
    """Write ``grades-<kind>.csv`` for the kind of a roster.

    A mark that the grader failed to make, or that nobody has given yet, is left out rather than
    written as 0. No file is written that the system would drop marks of without a word.

    Args:
        rows: of the class.
        roster: of the class; a plain one, or none, needs no file besides ``grades.csv``.
        out: folder.
        upload: what the file has beside the points.
        scale: whether marks are scaled to the maximum that Moodle has.

    Returns:
        sentences for the instructor.
    """
    kind = roster.kind if roster else ""
    unused = ["--scale has no effect: it is for marks that go back to Moodle."]
    if roster is None or kind not in WRITERS:
        return unused * scale
    table, notes = WRITERS[kind](rows, roster, upload, scale)
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


def _moodle(
    rows: Sequence[Row], roster: rosters.Roster, upload: Upload, scale: bool
) -> tuple[Table | None, list[str]]:
    sums, layout = of_class(rows), roster.worksheet
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
        notes += still_open(rows, sum_, "grades-moodle.csv")
    if not layout.comments:
        notes.append(NO_COMMENTS)
    return _worksheet(rows, roster, upload, sum_, factor), notes


def _worksheet(
    rows: Sequence[Row], roster: rosters.Roster, upload: Upload, sum_: Sum, factor: float
) -> Table:
    """Return Moodle's worksheet with grades and comments filled in."""
    layout, columns = roster.worksheet, list(roster.columns)
    grade = layout.grade or GRADE
    if grade not in columns:
        columns.append(grade)
    table = [columns]
    for row in rows:
        filled = row.student.row | {grade: mark(row, sum_, factor)}
        ours = upload.comments.get(row.student.id)
        if layout.comments and ours:
            filled[layout.comments] = comments.joined(filled.get(layout.comments, ""), ours)
        table.append([filled.get(column, "") for column in columns])
    return table


def _maxima(rows: Sequence[Row], column: str) -> set[float]:
    """Return the maximum grades in a worksheet; a scale of words has none."""
    maxima = set()
    for row in rows:
        try:
            maxima.add(tables.number(row.student.row.get(column, "")))
        except ValueError:
            continue
    return {most for most in maxima if math.isfinite(most)}


def _gradescope(
    rows: Sequence[Row],
    roster: rosters.Roster,
    _: Upload,
    scale: bool,  # noqa: ARG001
) -> tuple[Table, list[str]]:
    names = items(rows)
    most = {
        name: points
        for row in rows
        for name, points in (*row.max_points.items(), *row.open.items())
    }
    whole = next(reversed(of_class(rows)[:2]))
    headers = [f"{name} ({most[name]} pts)" for name in names]
    table = [[*roster.columns, "Total Score", "Max Points", "Status", *headers]]
    for row in rows:
        known = [row.student.row.get(column, "") for column in roster.columns]
        status = "Missing" if row.record.state == State.MISSING else "Graded"
        points = [OPEN if name in row.open else number(row.points[name]) for name in names]
        table.append([*known, mark(row, whole), number(whole.maximum), status, *points])
    return table, still_open(rows, whole, "grades-gradescope.csv")


# Of each kind of roster what fills its file: rows of cells, and sentences for the instructor.
WRITERS = {
    rosters.MOODLE: _moodle,
    rosters.CANVAS: lms_canvas.table,
    rosters.GRADESCOPE: _gradescope,
}
