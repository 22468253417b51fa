"""Marks that are not what the run before left, and why: the same words for both sides."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import msgspec

from fmnist.course import PHASES
from fmnist.exercises import catalog
from fmnist.exercises.verdicts import State
from fmnist.grading.judging import record_keys
from fmnist.grading.marks.gradebook import OPEN, cell, csv_text
from fmnist.grading.marks.kept_marks import ClassMarks, Marked
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
    checks: tuple[str, ...] = ()

    @property
    def lacking(self) -> str:
        """What stands in place of points where there are none."""
        return OPEN if self.exercise in PHASES else "no mark"


def against(
    earlier: ClassMarks | None, now: ClassMarks, unreached: Iterable[str]
) -> tuple[list[MarkChange], ClassMarks]:
    """Return the marks of a class that moved, and all marks with what students are told of that.

    Args:
        earlier: what the run before left, if it left anything.
        now: what this one found.
        unreached: students with a hand-in that this run did not get to; they keep what they had.
    """
    if earlier is None:
        return [], now
    known = earlier.known
    moved: list[MarkChange] = []
    students: dict[str, Marked] = {}
    for student, mark in now.students.items():
        students[student] = mark
        old = known.get(student)
        if old is None:
            continue
        changes = between(student, old, mark, other_rules=earlier.rules != now.rules)
        told = (*old.told, sentence(changes, old, mark)) if changes else old.told
        students[student] = msgspec.structs.replace(mark, told=told[-MOST_TOLD:])
        moved += changes
    left = {id_: known[id_] for id_ in unreached if id_ in known and id_ not in students}
    return moved, msgspec.structs.replace(now, students=students, unreached=left)


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
            _why(item, before, now),
            _checks(before.checks.get(item, {}), now.checks.get(item, {})),
        )
        for item in {**before.max_points, **now.max_points}
        if (item in both or item in by_hand) and before.points.get(item) != now.points.get(item)
    ]
    same_items = before.max_points.keys() == now.max_points.keys()
    if not moved and same_items and before.total != now.total:
        rules = "the rules on which exercises count have changed"
        why = rules if other_rules else "it was marked again"
        moved = [MarkChange(student, TOTAL, before.total, now.total, why)]
    return moved


def _why(item: str, before: Marked, now: Marked) -> str:
    """Return what moved the mark of an item."""
    old, new = before.by_hand.get(item), now.by_hand.get(item)
    if old != new:
        if new is None:
            return f"the mark by hand ({old:g}) is not given any more"
        return "a person gave this mark" if old is None else "a person changed this mark"
    reasons = []
    if before.by_checks.get(item) != now.by_checks.get(item):
        reasons.append(_of_checks(item, before, now))
    if before.key is not None and now.key is not None:
        reasons += _of_time(before, now)
    return listed(reasons, nothing="points are counted in another way")


def _of_checks(item: str, before: Marked, now: Marked) -> str:
    """Return why the checks say something else of an item."""
    if item not in now.by_checks and now.state == State.DOUBTFUL:
        return "nobody can tell which hand-in counts"
    if item not in before.by_checks and before.state == State.DOUBTFUL:
        return "it is settled which hand-in counts"
    if before.attempt != now.attempt:
        return "another attempt counts"
    if before.key is None or now.key is None:
        return "it was handed in since" if before.key is None else "the hand-in is gone"
    return record_keys.why_again(before.key, now.key, item) or "it was graded again"


def _of_time(before: Marked, now: Marked) -> list[str]:
    """Return why lateness takes off something else, and what; nothing if it does not."""
    if before.percent == now.percent:
        return []
    reasons = []
    if before.deadline != now.deadline:
        deadlines = f"{now.deadline or 'none'} in place of {before.deadline or 'none'}"
        reasons.append(f"there is another deadline ({deadlines})")
    if before.submitted != now.submitted:
        times = f"{now.submitted or 'unknown'} in place of {before.submitted or 'unknown'}"
        reasons.append(f"the time of the hand-in is another one ({times})")
    rule = f": {now.rule}" if now.rule not in ("", before.rule) else ""
    reasons.append(
        f"lateness takes {_off(now.percent)}, and took {_off(before.percent)} before{rule}"
    )
    return reasons


def _off(percent: float) -> str:
    return f"{percent:g} % off" if percent else "nothing off"


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
    by_reason: dict[str, list[str]] = {}
    for mark in moved:
        if mark.exercise != TOTAL:
            step = f"from {_points(mark.before)} to {_points(mark.after)}"
            by_reason.setdefault(mark.why, []).append(f"{_title(mark.exercise)} {step}")
    told = [f"{listed(steps)}, because {why}" for why, steps in by_reason.items()]
    if before.total == now.total:
        total = f"Your mark is {_points(now.total)}{_of(now)}, as before"
    else:
        most = _of(before) if before.max_total != now.max_total or now.total is None else ""
        most = most if now.total is None else most.removesuffix(" points")
        total = f"Your mark moved from {_points(before.total)}{most} to {_points(now.total)}"
        total += _of(now)
    if not told:
        return f"{total}, because {moved[0].why}."
    return f"{total}: {'; '.join(told)}."


def _of(marked: Marked) -> str:
    return "" if marked.total is None else f" of {marked.max_total} points"


def _title(item: str) -> str:
    projects = {project.phase: project.title for project in catalog.read().projects}
    return f"the project \u201c{projects[item]}\u201d" if item in projects else item


def _points(points: float | None) -> str:
    return "no mark yet" if points is None else f"{points:g}"


def table(moved: Sequence[MarkChange]) -> str:
    """Return the text of ``moved.csv``; words stand where there was no mark."""
    rows: list[tuple[object, ...]] = [("student", "exercise", "before", "after", "why", "checks")]
    for mark in moved:
        points = [mark.lacking if one is None else one for one in (mark.before, mark.after)]
        checks = "; ".join(mark.checks)
        rows.append((cell(mark.student), mark.exercise, *points, mark.why, checks))
    return csv_text(rows)
