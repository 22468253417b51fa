"""Marks that another grading changed, and why."""

from dataclasses import dataclass

from fmnist.grading.judging import record_keys
from fmnist.grading.judging.records import Record
from fmnist.grading.judging.store import Kept
from fmnist.grading.marks.gradebook import cell, csv_text


@dataclass(frozen=True)
class MarkChange:
    """A mark that another grading changed.

    Attributes:
        student: whose it is.
        exercise: of which.
        before: points.
        after: points.
        why: what had changed since, in words.
        checks: whose verdict is another one.
    """

    student: str
    exercise: str
    before: float
    after: float
    why: str
    checks: tuple[str, ...]


def between(earlier: Kept, now: Record, key: record_keys.Key) -> list[MarkChange]:
    """Return the marks of a student that are not what they were.

    Args:
        earlier: what an earlier run has left of the same hand-in.
        now: the record of this run.
        key: what decided it.
    """
    why = record_keys.why_again(earlier.key, key) or "the grader had failed, or chance decides"
    before = {part.name: part for part in earlier.record.exercises}
    moved = []
    for part in now.exercises:
        old = before.get(part.name)
        if old is None or (old.points, old.state) == (part.points, part.state):
            continue
        outcomes = {(verdict.check, verdict.hidden): verdict.outcome for verdict in old.verdicts}
        checks = tuple(
            verdict.check
            for verdict in part.verdicts
            if outcomes.get((verdict.check, verdict.hidden)) != verdict.outcome
        )
        moved.append(MarkChange(now.student, part.name, old.points, part.points, why, checks))
    return moved


def table(moved: list[MarkChange]) -> str:
    """Return the text of ``moved.csv``."""
    rows: list[tuple[object, ...]] = [("student", "exercise", "before", "after", "why", "checks")]
    for mark in moved:
        checks = " ".join(mark.checks)
        rows.append((cell(mark.student), mark.exercise, mark.before, mark.after, mark.why, checks))
    return csv_text(rows)
