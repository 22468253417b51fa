"""Marks that are not what the run before left, and why: the same words for both sides."""

from collections.abc import Sequence
from dataclasses import dataclass

from fmnist.exercises import catalog
from fmnist.grading.judging import record_keys
from fmnist.grading.marks.gradebook import cell, csv_text
from fmnist.grading.marks.kept_marks import Marked
from fmnist.tools.wording import listed

TOTAL = "total"  # stands for the exercise where points are the same and others of them count
MOST_TOLD = 20  # sentences that a student's page keeps


@dataclass(frozen=True)
class MarkChange:
    """A mark that is not what it was.

    Attributes:
        student: whose it is.
        exercise: of which; phase of a project; `TOTAL`.
        before: points that counted; None if there was no mark yet.
        after: the same now.
        why: what has changed, in words that follow "because".
        checks: whose verdict is another one.
    """

    student: str
    exercise: str
    before: float | None
    after: float | None
    why: str
    checks: tuple[str, ...]


def between(student: str, before: Marked, now: Marked, *, other_rules: bool) -> list[MarkChange]:
    """Return the marks of a student that are not what they were.

    Args:
        student: id.
        before: what an earlier run has left.
        now: what this one found.
        other_rules: whether the rules of the class have changed since.
    """
    by_hand = before.by_hand.keys() | now.by_hand.keys()
    both = before.max_points.keys() & now.max_points.keys()
    moved = [
        MarkChange(
            student,
            item,
            before.points.get(item),
            now.points.get(item),
            _why(item, before, now, other_rules=other_rules),
            _checks(before.checks.get(item, {}), now.checks.get(item, {})),
        )
        for item in {**before.max_points, **now.max_points}
        if (item in both or item in by_hand) and before.points.get(item) != now.points.get(item)
    ]
    same_items = before.max_points.keys() == now.max_points.keys()
    if not moved and same_items and before.total != now.total:
        why = "the rules of the class have changed" if other_rules else "it was marked again"
        moved = [MarkChange(student, TOTAL, before.total, now.total, why, ())]
    return moved


def _why(item: str, before: Marked, now: Marked, *, other_rules: bool) -> str:
    """Return what moved the mark of an item."""
    old, new = before.by_hand.get(item), now.by_hand.get(item)
    if old != new:
        if new is None:
            return "a mark by hand was taken back"
        return "a person gave this mark" if old is None else "a person changed this mark"
    if before.by_checks.get(item) != now.by_checks.get(item):
        if before.attempt != now.attempt:
            return "another attempt counts"
        if before.key is None or now.key is None:
            return "it was handed in since" if before.key is None else "the hand-in is gone"
        return record_keys.why_again(before.key, now.key, item) or "it was graded again"
    if other_rules:
        return "the rules of the class have changed"
    return "the time of the hand-in is another one"


def _checks(before: dict[str, str], now: dict[str, str]) -> tuple[str, ...]:
    """Return the checks that say something else; those that came or went are called so."""
    there = [
        name if name in before else f"{name} (new)"
        for name, outcome in now.items()
        if name and before.get(name) != outcome
    ]
    return (*there, *(f"{name} (removed)" for name in before if name and name not in now))


def sentence(moved: Sequence[MarkChange], before: Marked, now: Marked) -> str:
    """Return what a student is told of what moved.

    Args:
        moved: at least one, all of this student.
        before: what an earlier run has left.
        now: what this one found.
    """
    told = [
        f"{_title(mark.exercise)} from {_points(mark.before)} to {_points(mark.after)}, because "
        f"{mark.why}"
        for mark in moved
        if mark.exercise != TOTAL
    ]
    of = f" of {before.max_total}" if before.max_total != now.max_total else ""
    total = (
        f"Your mark moved from {_points(before.total)}{of} to {_points(now.total)} of "
        f"{now.max_total} points"
    )
    if before.total == now.total:
        total = f"Your mark is {_points(now.total)} of {now.max_total} points, as before"
    if not told:
        return f"{total}, because {moved[0].why}."
    return f"{total}: {'; '.join(told)}."


def _title(item: str) -> str:
    projects = {project.phase: project.title for project in catalog.read().projects}
    return f"the project \u201c{projects[item]}\u201d" if item in projects else item


def _points(points: float | None) -> str:
    return "no mark yet" if points is None else f"{points:g}"


def reasons(moved: Sequence[MarkChange]) -> str:
    """Return the reasons of some changes, each once, as a sentence lists them."""
    return listed([*dict.fromkeys(mark.why for mark in moved)])


def table(moved: Sequence[MarkChange]) -> str:
    """Return the text of ``moved.csv``; a cell is empty where there was no mark."""
    rows: list[tuple[object, ...]] = [("student", "exercise", "before", "after", "why", "checks")]
    for mark in moved:
        points = ["" if one is None else one for one in (mark.before, mark.after)]
        checks = "; ".join(mark.checks)
        rows.append((cell(mark.student), mark.exercise, *points, mark.why, checks))
    return csv_text(rows)
