"""Marks that are not what an earlier run gave, and why.

What that run gave is kept beside the records, in ``marks.json``: by a changed record alone, a mark
that rules or a person had changed would move without a word.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import msgspec

from fmnist.exercises.verdicts import State
from fmnist.grading.judging import record_keys
from fmnist.grading.judging.records import Record
from fmnist.grading.judging.store import Kept, to_json, write_whole
from fmnist.grading.marks import by_hand, lateness
from fmnist.grading.marks.gradebook import OPEN, Row, cell, csv_text

FILE = "marks.json"
TOTAL = "all together"  # where no item moved, and the sum did


@dataclass(frozen=True)
class MarkChange:
    """A mark that another grading changed.

    Attributes:
        student: whose it is.
        exercise: of which.
        before: points; None if it was open.
        after: points; None if it is open.
        why: what had changed since, in words.
        checks: whose verdict is another one.
    """

    student: str
    exercise: str
    before: float | None
    after: float | None
    why: str
    checks: tuple[str, ...] = ()


@dataclass(frozen=True)
class Given:
    """What a run gave a student, and what decided it besides the record.

    Attributes:
        points: by item.
        total: that counted.
        missing: whether nothing was handed in.
        submitted: when it came, in words.
        deadline: for it, in words.
        rule: that took something off.
        percent: that it took off.
        by_hand: points that a person gave, by item.
    """

    points: dict[str, float]
    total: float
    missing: bool = False
    submitted: str = ""
    deadline: str = ""
    rule: str = ""
    percent: float = 0.0
    by_hand: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Ledger:
    """What a run gave a class.

    Attributes:
        students: by id.
        had_rules: whether there was a file of rules.
    """

    students: dict[str, Given] = field(default_factory=dict)
    had_rules: bool = False

    @property
    def by_hand(self) -> int:
        """How many marks a person had given."""
        return sum(len(given.by_hand) for given in self.students.values())


def ledger_of(rows: Iterable[Row], marks: Iterable[by_hand.Mark], *, has_rules: bool) -> Ledger:
    """Return what this run gives a class."""
    own: dict[str, dict[str, float]] = {}
    for mark in marks:
        if mark.points is not None:
            own.setdefault(mark.student, {})[mark.item] = mark.points
    return Ledger(
        {row.student.id: _given(row, own.get(row.student.id, {})) for row in rows}, has_rules
    )


def earlier_ledger(folder: Path) -> Ledger:
    """Return what an earlier run into a folder gave; nobody anything if there was none."""
    try:
        return msgspec.json.decode((folder / FILE).read_bytes(), type=Ledger)
    except (OSError, msgspec.DecodeError):
        return Ledger()


def keep(ledger: Ledger, earlier: Ledger, unreached: Iterable[str], folder: Path) -> None:
    """Keep what this run gave, and of those whom it did not reach what the earlier one gave."""
    left = {id_: earlier.students[id_] for id_ in unreached if id_ in earlier.students}
    whole = Ledger(left | ledger.students, ledger.had_rules)
    write_whole(folder / FILE, to_json(msgspec.to_builtins(whole)))


def between(earlier: Kept, now: Record, key: record_keys.Key) -> list[MarkChange]:
    """Return what the machine says of a student and did not say before.

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


def all_changes(by_records: Iterable[MarkChange], earlier: Ledger, now: Ledger) -> list[MarkChange]:
    """Return the marks that moved, in the order of the class: by records, rules or people.

    Args:
        by_records: what the machine says otherwise, see `between`.
        earlier: what a run before this one gave.
        now: what this one gives.
    """
    records: dict[tuple[str, str], MarkChange] = {
        (change.student, change.exercise): change for change in by_records
    }
    moved: list[MarkChange] = []
    for student, given in now.students.items():
        old = earlier.students.get(student)
        of_student = {item: change for (id_, item), change in records.items() if id_ == student}
        if old is not None and not old.missing:
            of_student = _of_student(student, old, given, of_student)
        moved += of_student.values()
    return moved


def table(moved: list[MarkChange]) -> str:
    """Return the text of ``moved.csv``."""
    rows: list[tuple[object, ...]] = [("student", "exercise", "before", "after", "why", "checks")]
    for mark in moved:
        points = [OPEN if value is None else value for value in (mark.before, mark.after)]
        rows.append((cell(mark.student), mark.exercise, *points, mark.why, " ".join(mark.checks)))
    return csv_text(rows)


def _given(row: Row, own: Mapping[str, float]) -> Given:
    late = row.lateness
    deadline = f"{lateness.written(late.deadline)} {late.zone}" if late.deadline else ""
    return Given(
        points=dict(row.points),
        total=row.total,
        missing=row.record.state == State.MISSING,
        submitted=lateness.written(late.submitted) if late.submitted else "",
        deadline=deadline,
        rule=late.rule,
        percent=late.percent,
        by_hand=dict(own),
    )


def _of_student(
    student: str, old: Given, given: Given, by_records: Mapping[str, MarkChange]
) -> dict[str, MarkChange]:
    """Return the changes of one student, by item."""
    moved = dict(by_records)
    for item in dict.fromkeys([*old.points, *given.points]):
        before, after = old.points.get(item), given.points.get(item)
        of_project = item in old.by_hand or item in given.by_hand
        if before in (None, after) or (after is None and not of_project):
            continue  # the first mark of a project, or what is of another assignment
        why = _why(item, old, given)
        machine = moved.get(item)
        reasons = [machine.why] if machine else []
        if why or not reasons:
            reasons.append(why or "another way of counting")
        checks = machine.checks if machine else ()
        moved[item] = MarkChange(student, item, before, after, ", ".join(reasons), checks)
    same_items = old.points.keys() == given.points.keys()
    if not moved and same_items and old.total != given.total:
        why = "other rules on which exercises count"
        moved[TOTAL] = MarkChange(student, TOTAL, old.total, given.total, why)
    return moved


def _why(item: str, old: Given, given: Given) -> str:
    """Return what people and rules have changed since, in words."""
    before, after = old.by_hand.get(item), given.by_hand.get(item)
    if before != after:
        if after is None:
            return f"the mark by hand ({before:g}) is not given any more"
        return f"a mark by hand ({after:g}" + (
            f", before {before:g})" if before is not None else ")"
        )
    if before is not None:
        return ""
    reasons = []
    if given.missing:
        reasons.append("nothing is handed in any more")
    if old.deadline != given.deadline:
        reasons.append(
            f"another deadline ({given.deadline or 'none'}, before {old.deadline or 'none'})"
        )
    if old.submitted != given.submitted:
        times = f"{given.submitted or 'unknown'}, before {old.submitted or 'unknown'}"
        reasons.append(f"another time of the hand-in ({times})")
    if (old.rule, old.percent) != (given.rule, given.percent):
        now = f"{given.percent:g} % off" if given.percent else "nothing off"
        reasons.append(f"lateness: {now}, before {old.percent:g} % off")
    return ", ".join(reasons)
