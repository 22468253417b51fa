"""The instructor's pages: the class at a glance, and how long its checks took."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from fmnist.exercises.catalog import Exercise
from fmnist.exercises.sentences import TO_INSTRUCTOR
from fmnist.exercises.verdicts import State
from fmnist.grading.hand_ins.roster import Student
from fmnist.grading.marks.gradebook import Row
from fmnist.grading.marks.moved import Moved
from fmnist.grading.reports import statistics, templating

SLOWEST = 20  # checks and submissions that are listed
FEW = 8  # submissions of a state that are shown at once
WORST = 15  # checks that are shown at once; the others are a click away


@dataclass(frozen=True)
class Bar:
    """One bar of the histogram, in the units of its SVG."""

    x: float
    y: float
    width: float
    height: float
    count: int


WIDTH, HEIGHT, FOOT, HEAD = 400, 200, 44, 22  # of the histogram, and around its bars


def html(
    rows: Sequence[Row],
    exercises: tuple[Exercise, ...],
    *,
    moved: Sequence[Moved],
    notes: Sequence[str] = (),
    close_pairs: int | None = None,
) -> str:
    """Return the content of ``index.html``.

    Args:
        rows: of the class.
        exercises: of the records.
        moved: marks that another grading changed.
        notes: sentences on the files for upload.
        close_pairs: how many pairs of answers resemble each other; None if that is not known.
    """
    records = [row.record for row in rows]
    handed_in = [row for row in rows if row.record.state != State.MISSING]
    totals = [row.total for row in handed_in]
    bins = statistics.histogram(
        [row.total / row.max_total if row.max_total else 0.0 for row in handed_in]
    )
    states = Counter(record.state for record in records)
    return templating.html(
        "index.html",
        rows=rows,
        handed_in=len(handed_in),
        states=[(state, states[state]) for state in reversed(State) if states[state]],
        isolation=sorted({record.isolation for record in records}),
        mean=float(np.mean(totals)) if totals else None,
        median=float(np.median(totals)) if totals else None,
        max_total=max((row.max_total for row in rows), default=0),
        bins=bins,
        bars=_bars(bins),
        width=WIDTH,
        height=HEIGHT,
        floor=HEIGHT - FOOT,
        items=statistics.items(records, exercises),
        rates=statistics.pass_rates(records),
        worst=WORST,
        held=statistics.misconceptions(records, exercises),
        to_look_at=_to_look_at(rows),
        to_do=TO_INSTRUCTOR,
        few=FEW,
        moved=moved,
        notes=notes,
        close_pairs=close_pairs,
    )


def times_html(rows: Sequence[Row], seconds: Mapping[str, Mapping[str, float]]) -> str:
    """Return the content of ``times.html``, the one page that differs from run to run.

    Args:
        rows: of the class.
        seconds: wall time of each check, by student and ``file::test``.
    """
    names = {row.student.id: row.student.name or row.student.id for row in rows}
    of_check: dict[str, list[float]] = defaultdict(list)
    for times in seconds.values():
        for check, spent in times.items():
            of_check[check].append(spent)
    by_check = sorted(of_check.items(), key=lambda item: -sum(item[1]))
    by_student = sorted(
        ((student, sum(times.values())) for student, times in seconds.items() if times),
        key=lambda item: -item[1],
    )
    return templating.html(
        "times.html",
        total=sum(spent for _, spent in by_student),
        submissions=len(by_student),
        checks=[
            (check, sum(spent), float(np.median(spent)), max(spent))
            for check, spent in by_check[:SLOWEST]
        ],
        students=[
            (student, names.get(student, student), spent) for student, spent in by_student[:SLOWEST]
        ],
    )


def _bars(bins: Sequence[statistics.Bin]) -> list[Bar]:
    highest = max(bin_.count for bin_ in bins) or 1
    width = WIDTH / len(bins)
    room = HEIGHT - FOOT - HEAD
    bars = []
    for place, bin_ in enumerate(bins):
        height = round(room * bin_.count / highest, 2)
        x, y = round(place * width + 2, 2), round(HEAD + room - height, 2)
        bars.append(Bar(x, y, round(width - 4, 2), height, bin_.count))
    return bars


def _to_look_at(rows: Sequence[Row]) -> list[tuple[str, list[tuple[Student, list[str]]]]]:
    """Return by state, the most urgent first, whom a person should look at, and which exercises."""
    by_state: dict[str, list[tuple[Student, list[str]]]] = defaultdict(list)
    for row in rows:
        of_state: dict[str, list[str]] = defaultdict(list)
        if row.record.state == State.MISSING:
            of_state[State.MISSING] = ["everything"]
        else:
            for part in row.record.exercises:
                of_state[part.state].append(part.name)
        for state, exercises in of_state.items():
            by_state[state].append((row.student, exercises))
    return [(state, by_state[state]) for state in TO_INSTRUCTOR if by_state[state]]
