"""Marks that another grading changed, and why."""

import csv
import io
from dataclasses import dataclass

from fmnist.grading.judging import keys
from fmnist.grading.judging.keys import Key
from fmnist.grading.judging.records import Record
from fmnist.grading.marks import gradebook
from fmnist.grading.marks.store import Kept


@dataclass(frozen=True)
class Moved:
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


def since(kept: Kept | None, now: Record, key: Key) -> list[Moved]:
    """Return the marks of a student that are not what they were."""
    if kept is None:
        return []
    why = keys.why_again(kept.key, key) or "the grader had failed, or chance decides"
    before = {part.name: part for part in kept.record.exercises}
    moved = []
    for part in now.exercises:
        old = before.get(part.name)
        if old is None or (old.points, old.state) == (part.points, part.state):
            continue
        verdicts = {(one.check, one.hidden): one.outcome for one in old.verdicts}
        checks = tuple(
            one.check
            for one in part.verdicts
            if verdicts.get((one.check, one.hidden)) != one.outcome
        )
        moved.append(Moved(now.student, part.name, old.points, part.points, why, checks))
    return moved


def table(moved: list[Moved]) -> str:
    """Return the text of ``moved.csv``."""
    text = io.StringIO()
    table = csv.writer(text, lineterminator="\n")
    table.writerow(["student", "exercise", "before", "after", "why", "checks"])
    for one in moved:
        checks = " ".join(one.checks)
        table.writerow(
            [gradebook.cell(one.student), one.exercise, one.before, one.after, one.why, checks]
        )
    return text.getvalue()
