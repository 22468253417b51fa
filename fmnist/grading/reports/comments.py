"""What a student is told in a few lines, where a learning platform takes no page."""

import re
from collections.abc import Mapping, Sequence

import markupsafe

from fmnist.exercises.catalog import Exercise
from fmnist.grading.marks.gradebook import Row, cell, csv_text
from fmnist.grading.reports import view
from fmnist.grading.reports.text import clean, number, one_line

BEGINNING = "Graded by fmnist"
# Where a comment of ours begins in a text that Moodle gave back, as its editor leaves it.
OURS = re.compile(rf"(?:<p[^>]*>)?\s*{BEGINNING}")


def lines(row: Row, exercises: tuple[Exercise, ...], told: Sequence[str]) -> list[str]:
    """Return the comment on a student's hand-in: sentences without anything that a student wrote.

    Args:
        row: what the student gets.
        exercises: of the record.
        told: sentences on how the mark moved, the last one last.
    """
    if row.waits:
        return []
    parts = [
        f"{part.exercise.title} ({part.exercise.name}): {number(row.points[part.exercise.name])} "
        f"of {part.exercise.points} points. {part.state}"
        for part in view.parts(row, exercises)
    ]
    return [
        f"{BEGINNING}: {number(row.total)} of {row.max_total} points.",
        *told[-1:],
        *(clean(note) for note in view.notes(row)),
        *parts,
    ]


def html(comment: Sequence[str]) -> str:
    """Return a comment as Moodle stores one; empty if there is none."""
    if not comment:
        return ""
    first, *others = (markupsafe.escape(line) for line in comment)
    items = "".join(f"<li>{line}</li>" for line in others)
    return f"<p>{first}</p>" + (f"<ul>{items}</ul>" if items else "")


def joined(there: str, comment: Sequence[str]) -> str:
    """Return what a cell of comments holds with ours: what a person wrote there stays before it."""
    written = OURS.split(there, maxsplit=1)[0].rstrip() if there else ""
    ours = html(comment)
    return f"{written}\n{ours}" if written and ours else written or ours


def table(rows: Sequence[Row], said: Mapping[str, Sequence[str]]) -> str:
    """Return the text of ``feedback.csv``, of which a program for letters makes one a student.

    Args:
        rows: of the class.
        said: comment on each, by student.
    """
    cells = [["student", "name", "email", "comment", "page"]]
    for row in rows:
        student = row.student
        comment = "\n".join(said[student.id])
        page = f"students/{student.id}/feedback.html"
        known = (cell(text) for text in (student.id, one_line(student.name), student.email))
        cells.append([*known, comment, page])
    return csv_text(cells)
