"""What a student may know of a row: the same for every format."""

from dataclasses import dataclass

from fmnist.exercises.catalog import Exercise, Project
from fmnist.exercises.catalog import read as read_catalog
from fmnist.exercises.checks import MAX_MESSAGE
from fmnist.exercises.feedback import CUT_SHORT
from fmnist.exercises.verdicts import Verdict
from fmnist.grading.judging.records import ExerciseRecord
from fmnist.grading.marks.gradebook import Row
from fmnist.grading.reports.text import clean, counted, number, one_line

# What a state means to the student; "graded" depends on what passed.
IN_WORDS = {
    "grader error": (
        "The grader failed here, and you did not. This is no mark yet: your instructor is told."
    ),
    "tampering suspected": (
        "While your answer ran, its process did what an answer has no reason to do. A person will "
        "look at it before this counts as a mark."
    ),
    "missing": "No file with an answer was handed in.",
    "not gradable": "Your file could not be loaded, so there was nothing to check.",
    "timed out": "At least one call ran for too long and was stopped.",
    "crashed": "At least one call ended the whole process instead of returning a value.",
}
NOT_STARTED = "not started"


@dataclass(frozen=True)
class Fault:
    """The fault to begin with.

    Attributes:
        check: by the name that students may know.
        message: what came back and what was expected; empty if that must stay hidden.
        idea: the sentence that teaches; may be empty.
        others: how many other checks did not pass.
    """

    check: str
    message: str
    idea: str
    others: int


@dataclass(frozen=True)
class Part:
    """One exercise as a student sees it.

    Attributes:
        name: of the exercise.
        number: as in "4.2".
        title: the question.
        mark: "solved", "partly", "open" or "person": how it is shown.
        state: in words.
        points: final.
        max_points: that could be earned.
        by_checks: what the checks gave, if that is something else; otherwise None.
        counts: how many checks passed, in words; empty if none could run.
        fault: the first, if there is one.
        read: where the idea is explained.
    """

    name: str
    number: str
    title: str
    mark: str
    state: str
    points: float
    max_points: int
    by_checks: float | None
    counts: str
    fault: Fault | None
    read: str


@dataclass(frozen=True)
class ProjectMark:
    """A mark that a person gave for a project."""

    title: str
    points: float
    max_points: int


def check_name(verdict: Verdict, number_: int) -> str:
    """Return what a student may call a check; the name of a hidden one could give it away.

    Args:
        verdict: of the check.
        number_: its place among the checks of its exercise, from 1.
    """
    if verdict.hidden:
        return f"hidden check {number_}"
    return one_line(verdict.check) or "the answer as a whole"


def parts(row: Row, exercises: tuple[Exercise, ...]) -> list[Part]:
    """Return the exercises of a row, in the order of the record."""
    by_name = {one.name: one for one in exercises}
    return [_part(row, record, by_name[record.name]) for record in row.record.exercises]


def projects(row: Row) -> list[ProjectMark]:
    """Return the projects for which a person gave a mark."""
    known: dict[str, Project] = {one.phase: one for one in read_catalog().projects}
    return [
        ProjectMark(known[name].title, points, row.max_points[name])
        for name, points in row.points.items()
        if name in known
    ]


def changed(row: Row) -> list[str]:
    """Return, for each exercise whose points are not those of its checks, a sentence."""
    return [
        f"{one.name}: {number(row.points[one.name])} of {one.max_points} points count; the checks "
        f"gave {number(one.points)}."
        for one in row.record.exercises
        if row.points[one.name] != one.points
    ]


def _part(row: Row, record: ExerciseRecord, exercise: Exercise) -> Part:
    points = row.points[record.name]
    mark, state = _state(record)
    return Part(
        name=exercise.name,
        number=exercise.number,
        title=exercise.title,
        mark=mark,
        state=state,
        points=points,
        max_points=record.max_points,
        by_checks=record.points if record.points != points else None,
        counts="" if record.state in ("missing", "not gradable") else _counts(record),
        fault=_first_fault(record),
        read=f"{exercise.phase}.html#{exercise.read}",
    )


def _state(record: ExerciseRecord) -> tuple[str, str]:
    passed = sum(one.outcome == "passed" for one in record.verdicts)
    if record.state in ("grader error", "tampering suspected"):
        return "person", IN_WORDS[record.state]
    if record.state in IN_WORDS:
        return "partly" if passed and record.points else "open", IN_WORDS[record.state]
    if passed == len(record.verdicts):
        return "solved", "Solved: every check passed."
    if all(one.kind == NOT_STARTED for one in record.verdicts):
        return "open", "Not started: the file is as it came."
    if passed:
        return "partly", "Partly solved: some checks passed, some did not."
    return "open", "Not solved yet: no check passed."


def _counts(record: ExerciseRecord) -> str:
    told = []
    for hidden, kind in ((False, "public"), (True, "hidden")):
        of_kind = [one for one in record.verdicts if one.hidden is hidden]
        if of_kind:
            passed = sum(one.outcome == "passed" for one in of_kind)
            told.append(f"{passed} of {counted(len(of_kind), f'{kind} check')}")
    short = any(one.kind in CUT_SHORT for one in record.verdicts)
    return f"{' and '.join(told)} passed{' before it was stopped' * short}." if told else ""


def _first_fault(record: ExerciseRecord) -> Fault | None:
    found = [
        (place, one) for place, one in enumerate(record.verdicts, 1) if one.outcome != "passed"
    ]
    if not found:
        return None
    place, first = found[0]
    message, idea = _message_and_idea(first)
    if record.state in ("missing", "not gradable") or first.kind == NOT_STARTED:
        return Fault("", message, idea, 0)  # it is one fault for all checks
    return Fault(check_name(first, place), message, idea, len(found) - 1)


def _message_and_idea(verdict: Verdict) -> tuple[str, str]:
    """Return what happened, and what it teaches: the last line of what a check found wrong."""
    message = verdict.message.rstrip()
    if verdict.hidden:
        return "", clean(message)
    told, line, idea = message.rpartition("\n")
    if verdict.kind != "wrong" or not line or len(verdict.message) >= MAX_MESSAGE:
        return clean(message), ""
    return clean(told), clean(idea.strip())
