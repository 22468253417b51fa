"""How the class and its exercises did: item analysis, pass rates, and misconceptions by name."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from fmnist.exercises import misconceptions as register
from fmnist.exercises.catalog import Exercise, WrongAnswer
from fmnist.exercises.verdicts import NO_POINTS, Outcome, State, Verdict
from fmnist.grading.judging.records import Record

BINS = 10  # of the histogram of marks
FEWEST = 3  # students of whom a correlation can be told
# Of submissions that say nothing of an exercise.
NO_ANSWERS = (State.MISSING, State.GRADER_ERROR, State.DOUBTFUL)


@dataclass(frozen=True)
class Item:
    """What is known of an exercise from those who handed in.

    Attributes:
        name: of the exercise.
        max_points: that could be earned.
        students: how many the figures come from.
        difficulty: mean share of the points, from 0 to 1: the higher, the easier; None if nobody
            handed in.
        discrimination: correlation of its points with those of the other exercises together, from
            -1 to 1; None where it is not defined.
    """

    name: str
    max_points: int
    students: int
    difficulty: float | None
    discrimination: float | None


@dataclass(frozen=True)
class CheckRate:
    """How many answers pass a check.

    Attributes:
        exercise: its name.
        check: name of the test, with its case.
        hidden: whether students see it.
        passed: answers that pass.
        judged: answers that the check could be asked of.
    """

    exercise: str
    check: str
    hidden: bool
    passed: int
    judged: int

    @property
    def rate(self) -> float:
        """Share of the answers that pass."""
        return self.passed / self.judged


@dataclass(frozen=True)
class Bin:
    """One bar of a histogram.

    Attributes:
        low: share of all points at which it begins, included.
        high: share at which it ends; included in the last bar only.
        count: students.
    """

    low: float
    high: float
    count: int


@dataclass(frozen=True)
class Held:
    """Misconceptions that a message points to; several if they lead to the same one.

    Attributes:
        exercise: in which.
        beliefs: what is believed, one or more sentences.
        ids: of the same misconceptions.
        students: how many submissions show it.
    """

    exercise: str
    beliefs: tuple[str, ...]
    ids: tuple[str, ...]
    students: int


def difficulty(points: ArrayLike, max_points: float) -> float | None:
    """Return the mean share of an exercise's points, which testing calls its difficulty.

    Args:
        points: of each student.
        max_points: that could be earned.
    """
    earned = np.asarray(points, dtype=float)
    return float(earned.mean() / max_points) if earned.size else None


def discrimination(points: ArrayLike) -> list[float | None]:
    """Return the corrected item-total correlation of each exercise.

    It is Pearson's correlation of an exercise's points with the sum of all others, and says
    whether those who are good at the rest are good at this one. It is not defined for fewer than
    three students, for a single exercise, or where either side is the same for everyone.

    Args:
        points: one row a student, one column an exercise.
    """
    table = np.asarray(points, dtype=float)
    return [_correlation(column, table.sum(axis=1) - column) for column in table.T]


def _correlation(item: NDArray[np.float64], rest: NDArray[np.float64]) -> float | None:
    if len(item) < FEWEST or np.ptp(item) < 1e-9 or np.ptp(rest) < 1e-9:
        return None
    return float(np.clip(np.corrcoef(item, rest)[0, 1], -1, 1))


def items(records: Iterable[Record], exercises: Sequence[Exercise]) -> list[Item]:
    """Return difficulty and discrimination of each exercise, by what the checks gave.

    Lateness and marks by hand say nothing of an exercise, so they are not in it; neither are
    students who handed in nothing, or on whom the grader failed.

    Args:
        records: of the class.
        exercises: of the records, in their order.
    """
    judged = [record for record in records if record.state not in NO_ANSWERS]
    points = [[part.points for part in record.exercises] for record in judged]
    table = np.array(points, dtype=float).reshape(len(judged), len(exercises))
    correlations = discrimination(table)
    rows = zip(exercises, table.T, correlations, strict=True)
    return [
        Item(of.name, of.points, len(judged), difficulty(earned, of.points), correlation)
        for of, earned, correlation in rows
    ]


def pass_rates(records: Iterable[Record]) -> list[CheckRate]:
    """Return how many answers pass each check, the fewest first.

    Only answers that could be judged count: one that is missing or does not load fails every
    check, and says nothing about any.
    """
    passes: defaultdict[tuple[str, str, bool], list[bool]] = defaultdict(list)
    for record in records:
        for part in record.exercises:
            if part.state not in NO_POINTS:
                for verdict in part.verdicts:
                    check = (verdict.exercise, verdict.check, verdict.hidden)
                    passes[check].append(verdict.passed)
    rates = [CheckRate(*check, sum(of_check), len(of_check)) for check, of_check in passes.items()]
    return sorted(rates, key=lambda rate: (rate.rate, rate.exercise, rate.hidden, rate.check))


def histogram(shares: ArrayLike, bins: int = BINS) -> list[Bin]:
    """Return how many students have which share of all points.

    Args:
        shares: of each student, from 0 to 1.
        bins: of equal width.
    """
    clipped = np.clip(np.asarray(shares, dtype=float), 0, 1)
    counts, edges = np.histogram(clipped, bins=bins, range=(0, 1))
    return [
        Bin(float(low), float(high), int(count))
        for low, high, count in zip(edges[:-1], edges[1:], counts, strict=True)
    ]


def misconceptions(records: Iterable[Record], exercises: Iterable[Exercise]) -> list[Held]:
    """Return the misconceptions that messages point to, the most frequent first.

    Every wrong answer of the course names the check that rejects it and part of what that says;
    a submission that is told the same by the same check may hold the same belief. Each counts
    once a submission.
    """
    beliefs = register.load()
    known = {  # those that are whole; the others are told by the checks of the course
        exercise.name: [
            wrong
            for wrong in exercise.wrong_answers
            if not wrong.missing and wrong.misconception in beliefs
        ]
        for exercise in exercises
    }
    counts: Counter[tuple[str, tuple[str, ...]]] = Counter()
    for record in records:
        for part in record.exercises:
            shown = {_held(verdict, known.get(part.name, [])) for verdict in part.verdicts}
            counts.update((part.name, ids) for ids in shown if ids)
    held = [
        Held(name, tuple(beliefs[id_].belief for id_ in ids), ids, count)
        for (name, ids), count in counts.items()
    ]
    return sorted(held, key=lambda one: (-one.students, one.exercise, one.ids))


def _held(verdict: Verdict, known: Iterable[WrongAnswer]) -> tuple[str, ...]:
    """Return the ids of the misconceptions that lead to what a check says."""
    if verdict.outcome != Outcome.FAILED:
        return ()
    ids = {
        wrong.misconception
        for wrong in known
        if wrong.check == verdict.check and wrong.sentence in verdict.message
    }
    return tuple(sorted(ids))
