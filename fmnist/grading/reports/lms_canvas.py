"""The marks of a class as Canvas imports them: in which column, and of how many points."""

import re
from collections.abc import Sequence

from fmnist.exercises import catalog
from fmnist.grading.hand_ins import roster as rosters
from fmnist.grading.hand_ins.names import same
from fmnist.grading.marks.gradebook import Row
from fmnist.grading.reports.lms_sums import Table, Upload, mark, of_class, still_open
from fmnist.grading.reports.text import number
from fmnist.tools.user_errors import UserError

COLUMNS = ("Student", "ID", "SIS User ID", "SIS Login ID", "Section")
COLUMN = "fmnist"  # the assignment where the roster has none that is called like it
ASSIGNMENT = re.compile(r"(.+) \(([0-9]+)\)")  # a column: name and number of an assignment
NO_COMMENTS = (
    "Canvas's file of grades takes no comments, and its upload of files calls each like the "
    "hand-in: feedback.csv has a comment for each student, to be sent by mail; Canvas's export has "
    "no addresses, so add a column of them."
)


class NoColumn(UserError):
    """The roster has no such column, or several; the message names those that it has."""


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


def table(
    rows: Sequence[Row],
    roster: rosters.Roster,
    upload: Upload,
    scale: bool,  # noqa: ARG001
) -> tuple[Table, list[str]]:
    """Return the cells of the file, and sentences for the instructor; see `lms.WRITERS`."""
    sums = [one for one in of_class(rows) if one.of != "exercises and projects"]
    first, told = _column(roster, upload)
    notes, columns, maxima = [told] if told else [], [first, _of_projects(roster, first)], []
    columns = columns[: len(sums)]
    for column, one in zip(columns, sums, strict=True):
        most, there = number(one.maximum), _possible(roster, column)
        maxima.append(there or most)
        if there and not re.fullmatch(rf"{re.escape(most)}([.,]0+)?", there):
            notes.append(
                f'In Canvas "{column}" has {there} points, here it is {most}: grades-canvas.csv '
                "has points as they are, so set the same there first."
            )
    # Canvas writes and reads this second row with the spaces before it.
    cells = [[*COLUMNS, *columns], ["    Points Possible", *[""] * (len(COLUMNS) - 1), *maxima]]
    for row in rows:
        known = rosters.trimmed(row.student.row)
        points = (mark(row, one) for one in sums)
        cells.append([*(known.get(name.lower(), "") for name in COLUMNS), *points])
    if len(sums) > 1:
        notes.append(
            "grades-canvas.csv has the points of projects in a column of their own, "
            f'"{columns[1]}".'
        )
        notes += still_open(rows, sums[1], "grades-canvas.csv")
    return cells, [*notes, NO_COMMENTS]


def _of_projects(roster: rosters.Roster, first: str) -> str:
    """Return the column for the points of projects: that of the roster which is called so."""
    name = ASSIGNMENT.sub(r"\1", first.strip()) + " projects"
    found = _called(assignments_in(roster), [name])
    return found[0] if len(found) == 1 else name


def _possible(roster: rosters.Roster, column: str) -> str:
    """Return the points possible in a column, as Canvas has them; empty if there is none."""
    for cells in roster.others:
        if rosters.trimmed(cells).get("student", "").lower().startswith("points possible"):
            return cells.get(column, "").strip()
    return ""
