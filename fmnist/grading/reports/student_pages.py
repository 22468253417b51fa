"""The page that a student reads: what was earned, what to look at first, and where to read."""

from typing import Any

from fmnist.exercises.catalog import Exercise
from fmnist.grading.marks.gradebook import Row
from fmnist.grading.reports import templating, view

IGNORED = 20  # names of files that are listed


def html(row: Row, exercises: tuple[Exercise, ...]) -> str:
    """Return the content of ``feedback.html``.

    Args:
        row: what the student gets.
        exercises: of the record.
    """
    return templating.html("feedback.html", **_values(row, exercises))


def markdown(row: Row, exercises: tuple[Exercise, ...]) -> str:
    """Return the content of ``feedback.md``, which says the same.

    Args:
        row: what the student gets.
        exercises: of the record.
    """
    return templating.markdown("feedback.md", **_values(row, exercises))


def _values(row: Row, exercises: tuple[Exercise, ...]) -> dict[str, Any]:
    return {
        "row": row,
        "name": row.student.name or row.student.id,
        "parts": view.parts(row, exercises),
        "projects": view.projects(row),
        "most_ignored": IGNORED,
    }
