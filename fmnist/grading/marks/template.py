"""The table in which a person marks projects: one line for each student, to be filled in."""

from collections.abc import Iterable, Sequence
from pathlib import Path

from fmnist.exercises import rubrics
from fmnist.exercises.catalog import Project
from fmnist.grading.hand_ins.roster import Student
from fmnist.grading.judging.store import write_whole
from fmnist.grading.marks import by_hand
from fmnist.grading.marks.gradebook import cell, csv_text
from fmnist.tools.user_errors import UserError

BYTE_ORDER_MARK = "\ufeff"  # by which spreadsheets know UTF-8


def write(path: Path, students: Iterable[Student], projects: Sequence[Project]) -> None:
    """Write a table that `by_hand` reads, with the criteria of projects as columns.

    Criteria of another project than the line's stay empty, and so does what nobody has marked yet.

    Args:
        path: of a file that is not there yet.
        students: of the class.
        projects: to be marked.

    Raises:
        UserError: the file is there, and could have marks in it; or it cannot be written.
    """
    if path.exists():
        raise UserError(f"{path} is there already, and may have marks; give another name.")
    criteria = list(dict.fromkeys(one.column for of in map(rubrics.of, projects) for one in of))
    header = [by_hand.STUDENT, by_hand.NAME, by_hand.ITEM, *criteria, by_hand.REASON]
    rows: list[list[str]] = [header]
    for project in projects:
        for student in students:
            known = [cell(student.id), cell(student.name), project.phase]
            rows.append([*known, *[""] * (len(criteria) + 1)])
    try:
        write_whole(path, BYTE_ORDER_MARK + csv_text(rows, line_end="\r\n"))
    except OSError as error:
        raise UserError(f"{path} cannot be written: {error.strerror}.") from None
