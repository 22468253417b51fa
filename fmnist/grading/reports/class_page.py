"""The instructor's pages: the class at a glance, and how long its checks took."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from operator import itemgetter

import numpy as np

from fmnist.exercises import sentences
from fmnist.exercises.catalog import Exercise
from fmnist.exercises.sentences import TO_INSTRUCTOR
from fmnist.exercises.verdicts import State
from fmnist.grading.hand_ins.answer_files import SEVERAL
from fmnist.grading.hand_ins.places import COUNTED, STATES, Place
from fmnist.grading.hand_ins.roster import Student
from fmnist.grading.judging.records import ExerciseRecord
from fmnist.grading.marks.gradebook import Row
from fmnist.grading.marks.mark_changes import MarkChange
from fmnist.grading.reports import statistics, templating
from fmnist.grading.reports.tried import Tried
from fmnist.tools import results_folders

MOST_PLACES = 200  # hand-ins that the page lists; the file has all


def html(
    rows: Sequence[Row],
    exercises: tuple[Exercise, ...],
    *,
    moved: Sequence[MarkChange],
    notes: Sequence[str] = (),
    close_pairs: int | None = None,
    places: Sequence[Place] = (),
    tried: Sequence[Tried] = (),
) -> str:
    """Return the content of ``index.html``.

    Args:
        rows: of the class.
        exercises: of the records.
        moved: marks that are not what they were.
        notes: sentences on the files for upload.
        close_pairs: how many pairs of students have answers that resemble each other; None if that
            is not known.
        places: what became of each hand-in.
        tried: what answers tried that no answer may.
    """
    records = [row.record for row in rows]
    handed_in = [row for row in rows if row.record.state != State.MISSING]
    judged = [row for row in handed_in if row.record.state != State.DOUBTFUL]
    apart = any(row.open for row in rows)  # then totals with and without a project are two things
    totals = [row.exercise_total if apart else row.total for row in judged]
    maxima = [row.exercise_max if apart else row.max_total for row in rows]
    states = Counter(record.state for record in records)
    of_state = Counter(place.state for place in places)
    return templating.html(
        "index.html",
        rows=rows,
        handed_in=len(handed_in),
        states=[(state, states[state]) for state in reversed(State) if states[state]],
        isolation=sorted({record.isolation for record in records}),
        version=results_folders.version(),
        mean=float(np.mean(totals)) if totals else None,
        median=float(np.median(totals)) if totals else None,
        max_total=max(maxima, default=0),
        apart=apart,
        bins=statistics.histogram([row.share for row in judged]),
        items=statistics.items(records, exercises),
        rates=statistics.pass_rates(records),
        held=statistics.misconceptions(records, exercises),
        to_look_at=_to_look_at(rows),
        to_do=TO_INSTRUCTOR,
        moved=moved,
        notes=notes,
        close_pairs=close_pairs,
        place_states=[(state, of_state[state]) for state in STATES if of_state[state]],
        other_places=sorted(
            (place for place in places if place.state != COUNTED),
            key=lambda place: STATES.index(place.state),
        ),
        most_places=MOST_PLACES,
        near_misses=_near_misses(rows),
        tried=tried,
        names={row.student.id: row.student.name or row.student.id for row in rows},
    )


def times_html(rows: Sequence[Row], seconds: Mapping[str, Mapping[str, float]]) -> str:
    """Return the content of ``times.html``, the one page that differs from run to run.

    Args:
        rows: of the class.
        seconds: wall time of each check, by student and ``file::test``.
    """
    of_check: dict[str, list[float]] = defaultdict(list)
    students = []
    for row in rows:
        times = seconds.get(row.student.id, {})
        for check, spent in times.items():
            of_check[check].append(spent)
        if times:
            students.append((row.student, sum(times.values())))
    checks = [
        (check, sum(spent), float(np.median(spent)), max(spent))
        for check, spent in of_check.items()
    ]
    return templating.html(
        "times.html",
        checks=sorted(checks, key=itemgetter(1), reverse=True),
        students=sorted(students, key=itemgetter(1), reverse=True),
    )


def _near_misses(rows: Sequence[Row]) -> list[tuple[Student, list[str]]]:
    """Return of whose files the names or places are not the expected ones, and what is told."""
    found = []
    for row in rows:
        told = [*row.record.notes]
        told += [
            part.verdicts[0].message
            for part in row.record.exercises
            if part.verdicts and _is_of_names(part)
        ]
        if told:
            found.append((row.student, list(dict.fromkeys(told))))
    return found


def _is_of_names(part: ExerciseRecord) -> bool:
    """Return whether an exercise has no answer, and a file that came near one."""
    told = part.verdicts[0].message
    if part.state == State.MISSING:
        return told != sentences.NO_FILE.format(name=part.name)
    return part.state == State.DOUBTFUL and told.startswith(SEVERAL)


def _to_look_at(rows: Sequence[Row]) -> list[tuple[str, list[tuple[Student, list[str]]]]]:
    """Return by state, the most urgent first, whom a person should look at, and which exercises.

    Of a hand-in that could not be read at all the reason stands for its exercises.
    """
    by_state: dict[str, list[tuple[Student, list[str]]]] = {state: [] for state in TO_INSTRUCTOR}
    for row in rows:
        if row.record.state == State.MISSING:
            by_state[State.MISSING].append((row.student, ["everything"]))
            continue
        for state, students in by_state.items():
            names = [part.name for part in row.record.exercises if part.state == state]
            if names:
                whole = row.record.unread if len(names) == len(row.record.exercises) else ""
                students.append((row.student, [whole] if whole else names))
    return [(state, students) for state, students in by_state.items() if students]
