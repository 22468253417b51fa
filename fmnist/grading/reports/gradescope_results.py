"""The results of a submission in the form that Gradescope's autograder documents.

See "Output format" on https://gradescope-autograders.readthedocs.io/en/latest/specs/. There is no
``execution_time``: the same submission gives the same bytes.
"""

import math
from typing import Any

from fmnist.exercises import scores
from fmnist.exercises.catalog import Exercise
from fmnist.exercises.sentences import TO_STUDENT
from fmnist.exercises.verdicts import NO_POINTS, Verdict, unjudged
from fmnist.grading.judging.records import ExerciseRecord
from fmnist.grading.marks.gradebook import Row
from fmnist.grading.reports import view
from fmnist.grading.reports.text import clean, number

# Of every test.
COMMON = {"name_format": "text", "output_format": "text", "visibility": "visible"}
# When students see a test. A hidden check that is seen at once answers every guess.
VISIBILITIES = ("after_published", "after_due_date", "hidden", "visible")
NO_ORACLE, VISIBLE = VISIBILITIES[0], VISIBILITIES[-1]


def results(
    row: Row, exercises: tuple[Exercise, ...], *, hidden_visibility: str = VISIBLE
) -> dict[str, Any]:
    """Return the content of ``results.json``.

    One test is one check. Its points are the machine's; `score` is what counts in the end, and
    `output` says why if that is something else.

    Args:
        row: what the student gets.
        exercises: of the record.
        hidden_visibility: when students see what hidden checks say, one of `VISIBILITIES`. Unless
            that is at once, no total is told either, nor a state that only a hidden check knows;
            the service itself keeps a score back while any test is hidden.
    """
    at_once = hidden_visibility == VISIBLE
    by_name = {exercise.name: exercise for exercise in exercises}
    tests = []
    for part in row.record.exercises:
        tests += _tests(part, by_name[part.name], hidden_visibility)
    tests += [_project(part, part.points) for part in view.projects(row) if part.points is not None]
    return {
        "score": row.total,
        "output": _output(row, at_once=at_once),
        "output_format": "text",
        "visibility": "visible",
        "stdout_visibility": "hidden",
        "tests": tests,
        "extra_data": {
            "state": row.record.state,
            "attempt": row.record.attempt,
            "isolation": row.record.isolation,
            "max_score": row.max_total,
            "exercises": {
                part.name: {
                    "state": part.state,
                    "points": row.points[part.name],
                    "max_points": part.max_points,
                }
                for part in row.record.exercises
            },
        },
    }


def _output(row: Row, *, at_once: bool) -> str:
    lines = [f"{number(row.total)} of {row.max_total} points."] if at_once else []
    lines += [
        f"{part.name}: {TO_STUDENT[part.state]}"
        for part in row.record.exercises
        if part.state in TO_STUDENT and (at_once or _known_from_public_checks(part))
    ]
    lines += [clean(note) for note in view.notes(row)]
    lines += view.changed(row)
    lines += [clean(note) for note in row.record.notes]
    lines += [
        f"Project {part.project.title!r}: open; nobody has marked it yet."
        for part in view.projects(row)
        if part.points is None
    ]
    if row.record.ignored:
        names = ", ".join(clean(name, 200) for name in row.record.ignored[:20])
        more = len(row.record.ignored) - 20
        others = f" and {more} more" if more > 0 else ""
        lines.append(f"Files that nobody asked for: {names}{others}.")
    return "\n".join(lines)


def _known_from_public_checks(part: ExerciseRecord) -> bool:
    """Return whether the state of an exercise is no news of a hidden check."""
    public = [verdict.kind for verdict in part.verdicts if not verdict.hidden]
    return part.state in (*NO_POINTS, *public)


def _tests(
    part: ExerciseRecord, exercise: Exercise, hidden_visibility: str
) -> list[dict[str, Any]]:
    # A check that was not even begun has no verdict; the points of the exercise are shown still.
    # Where there was nothing to check, one line says so, and not each check.
    shares, verdicts = shared_out(part), part.verdicts
    if not verdicts or part.state in view.NO_VERDICT:
        shares = [100 * part.max_points]
        message = verdicts[0].message if verdicts else ""
        verdicts = (unjudged(part.name, part.state, message),)
    return [
        COMMON
        | ({"visibility": hidden_visibility} if verdict.hidden else {})
        | {
            "score": share / 100 if _earns(part, verdict) else 0.0,
            "max_score": share / 100,
            "status": "passed" if verdict.passed else "failed",
            "name": f"{part.name}: {view.check_name(verdict, place)}",
            "number": f"{exercise.number}.{place}",
            "output": _said(part, verdict),
            "tags": [part.name, exercise.phase, "hidden" if verdict.hidden else "public"],
        }
        for place, (verdict, share) in enumerate(zip(verdicts, shares, strict=True), 1)
    ]


def shared_out(part: ExerciseRecord) -> list[int]:
    """Return the points of each check, in hundredths.

    They add up to the points of the exercise, and those of the checks that passed add up to what
    was earned: of the hundredths that are left over, as many go to them as that takes.
    """
    whole = 100 * part.max_points
    if not part.verdicts:
        return [whole]
    shares = [math.floor(whole * weight + 1e-9) for weight in scores.weights(part.verdicts)]
    earning = [_earns(part, verdict) for verdict in part.verdicts]
    earned = sum(one for one, earns in zip(shares, earning, strict=True) if earns)
    to_earning = round(100 * part.points) - earned
    left_over = {True: to_earning, False: whole - sum(shares) - to_earning}
    for place, earns in enumerate(earning):
        extra = min(1, max(-1, left_over[earns]))
        left_over[earns] -= extra
        shares[place] += extra
    return shares


def _earns(part: ExerciseRecord, verdict: Verdict) -> bool:
    return verdict.passed and part.state not in NO_POINTS


def _said(part: ExerciseRecord, verdict: Verdict) -> str:
    if verdict.passed:
        return "" if _earns(part, verdict) else TO_STUDENT[part.state]
    return clean(verdict.message) or TO_STUDENT.get(part.state, "")


def _project(part: view.ProjectPart, points: float) -> dict[str, Any]:
    by_criterion = [
        f"{criterion.name}: {number(given)} of {criterion.points}"
        for criterion, given in part.criteria
    ]
    return COMMON | {
        "score": points,
        "max_score": part.project.points,
        "status": "passed" if points else "failed",
        "name": f"Project: {part.project.title}",
        "output": "\n".join(["This mark was given by a person.", *by_criterion]),
        "tags": ["project"],
    }
