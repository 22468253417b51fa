"""The results of a submission in the form that Gradescope's autograder documents.

See "Output format" on https://gradescope-autograders.readthedocs.io/en/latest/specs/. There is no
``execution_time``: the same submission gives the same bytes.
"""

from typing import Any

from fmnist.exercises.catalog import Exercise, Project
from fmnist.exercises.sentences import TO_STUDENT
from fmnist.exercises.verdicts import NO_POINTS, Verdict, unjudged
from fmnist.grading.judging.records import ExerciseRecord
from fmnist.grading.marks.gradebook import Row
from fmnist.grading.reports import view
from fmnist.grading.reports.text import clean, number

# Of every test.
COMMON = {"name_format": "text", "output_format": "text", "visibility": "visible"}


def results(row: Row, exercises: tuple[Exercise, ...]) -> dict[str, Any]:
    """Return the content of ``results.json``.

    One test is one check. Its points are the machine's; `score` is what counts in the end, and
    `output` says why if that is something else.

    Args:
        row: what the student gets.
        exercises: of the record.
    """
    by_name = {exercise.name: exercise for exercise in exercises}
    tests = []
    for part in row.record.exercises:
        tests += _tests(part, by_name[part.name])
    tests += [_project(row, project) for project in view.projects(row)]
    return {
        "score": row.total,
        "output": _output(row),
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


def _output(row: Row) -> str:
    lines = [f"{number(row.total)} of {row.max_total} points."]
    lines += [
        f"{part.name}: {TO_STUDENT[part.state]}"
        for part in row.record.exercises
        if part.state in TO_STUDENT
    ]
    lines += [clean(note) for note in view.notes(row)]
    lines += view.changed(row)
    if row.record.ignored:
        names = ", ".join(clean(name, 200) for name in row.record.ignored[:20])
        more = len(row.record.ignored) - 20
        others = f" and {more} more" if more > 0 else ""
        lines.append(f"Files that nobody asked for: {names}{others}.")
    return "\n".join(lines)


def _tests(part: ExerciseRecord, exercise: Exercise) -> list[dict[str, Any]]:
    shares = shared_out(part)
    # A check that was not even begun has no verdict; the points of the exercise are shown still.
    verdicts = part.verdicts or (unjudged(part.name, part.state, ""),)
    return [
        COMMON
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
    each, left = divmod(whole, len(part.verdicts))
    earning = [_earns(part, verdict) for verdict in part.verdicts]
    to_earning = round(100 * part.points) - each * sum(earning)
    left_over = {True: to_earning, False: left - to_earning}
    shares = []
    for earns in earning:
        extra = 1 if left_over[earns] > 0 else 0
        left_over[earns] -= extra
        shares.append(each + extra)
    return shares


def _earns(part: ExerciseRecord, verdict: Verdict) -> bool:
    return verdict.passed and part.state not in NO_POINTS


def _said(part: ExerciseRecord, verdict: Verdict) -> str:
    if verdict.passed:
        return "" if _earns(part, verdict) else TO_STUDENT[part.state]
    return clean(verdict.message) or TO_STUDENT.get(part.state, "")


def _project(row: Row, project: Project) -> dict[str, Any]:
    return COMMON | {
        "score": row.points[project.phase],
        "max_score": row.max_points[project.phase],
        "status": "passed" if row.points[project.phase] else "failed",
        "name": f"Project: {project.title}",
        "output": "This mark was given by a person.",
        "tags": ["project"],
    }
