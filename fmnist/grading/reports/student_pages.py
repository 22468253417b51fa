"""The page that a student reads: what was earned, what to look at first, and where to read."""

from collections.abc import Sequence
from typing import Any

from fmnist.exercises.catalog import Exercise
from fmnist.grading.marks.gradebook import Row
from fmnist.grading.reports import templating, view

IGNORED = 20  # names of files that are listed


def html(
    row: Row, exercises: tuple[Exercise, ...], *, site: str = "", told: Sequence[str] = ()
) -> str:
    """Return the content of ``feedback.html``.

    Args:
        row: what the student gets.
        exercises: of the record.
        site: address of the book; empty if nobody has said it.
        told: sentences on how the mark moved, the last one last.
    """
    return templating.html("feedback.html", **_values(row, exercises, site, told))


def markdown(
    row: Row, exercises: tuple[Exercise, ...], *, site: str = "", told: Sequence[str] = ()
) -> str:
    """Return the content of ``feedback.md``, which says the same; see `html`."""
    return templating.markdown("feedback.md", **_values(row, exercises, site, told))


def _values(
    row: Row, exercises: tuple[Exercise, ...], site: str, told: Sequence[str]
) -> dict[str, Any]:
    return {
        "row": row,
        "name": row.student.name or row.student.id,
        "parts": view.parts(row, exercises, site),
        "notes": view.notes(row),
        "told": told,
        "projects": view.projects(row),
        "most_ignored": IGNORED,
    }
