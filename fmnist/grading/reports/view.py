"""What a student may know of a row: the same for every format."""

from dataclasses import dataclass

from fmnist.answer.faults import NotStarted, Wrong
from fmnist.exercises import reading
from fmnist.exercises.catalog import Exercise, Project
from fmnist.exercises.catalog import read as read_catalog
from fmnist.exercises.checks import MAX_MESSAGE
from fmnist.exercises.feedback import CUT_SHORT
from fmnist.exercises.rubrics import Criterion
from fmnist.exercises.sentences import TO_STUDENT
from fmnist.exercises.verdicts import State, Verdict
from fmnist.grading.judging.records import ExerciseRecord
from fmnist.grading.marks.gradebook import Row
from fmnist.grading.reports.text import clean, number, one_line
from fmnist.tools.wording import counted

NO_VERDICT = (
    State.DOUBTFUL,
    State.MISSING,
    State.NOT_GRADABLE,
)  # there was nothing that checks could be asked of


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
        exercise: that was asked.
        by_checks: points that the checks gave.
        mark: "solved", "partly", "open" or "person": how it is shown.
        state: in words.
        counts: how many checks passed, in words; empty if none could run.
        fault: the first, if there is one.
        where: the section that explains the idea, in words.
        link: its address; empty if nobody has said where the book is.
    """

    exercise: Exercise
    by_checks: float
    mark: str
    state: str
    counts: str
    fault: Fault | None
    where: str = ""
    link: str = ""


@dataclass(frozen=True)
class ProjectPart:
    """One project as a student sees it.

    Attributes:
        project: that was asked.
        points: that a person gave; None if nobody has marked it yet.
        criteria: of the rubric by which it was marked, with the points of each.
    """

    project: Project
    points: float | None
    criteria: tuple[tuple[Criterion, float], ...]


def check_name(verdict: Verdict, number_: int) -> str:
    """Return what a student may call a check; the name of a hidden one could give it away.

    Args:
        verdict: of the check.
        number_: its place among the checks of its exercise, from 1.
    """
    if verdict.hidden:
        return f"hidden check {number_}"
    return one_line(verdict.check) or "the answer as a whole"


def parts(row: Row, exercises: tuple[Exercise, ...], site: str = "") -> list[Part]:
    """Return the exercises of a row, in the order of the record.

    Args:
        row: what the student gets.
        exercises: of the record.
        site: address of the book; empty if nobody has said it.
    """
    by_name = {exercise.name: exercise for exercise in exercises}
    return [
        Part(
            by_name[record.name],
            record.points,
            *_mark_and_state(record),
            "" if record.state in NO_VERDICT else _counts(record),
            _first_fault(record),
            reading.in_words(by_name[record.name]),
            reading.link(by_name[record.name], site) if site else "",
        )
        for record in row.record.exercises
    ]


def projects(row: Row) -> list[ProjectPart]:
    """Return the projects that people mark, those that are still open among them."""
    return [
        ProjectPart(project, row.points.get(project.phase), row.criteria.get(project.phase, ()))
        for project in read_catalog().projects
        if project.phase in row.points or project.phase in row.open
    ]


def notes(row: Row) -> list[str]:
    """Return the notes on a mark as a student reads them: a project is called by its title."""
    titles = {project.phase: project.title for project in read_catalog().projects}
    told = []
    for note in row.notes:
        item, colon, rest = note.partition(": ")
        is_project = colon and item in titles
        told.append(f"Project \u201c{titles[item]}\u201d: {rest}" if is_project else note)
    return told


def changed(row: Row) -> list[str]:
    """Return, for each exercise whose points are not those of its checks, a sentence."""
    return [
        f"{part.name}: {number(row.points[part.name])} of {part.max_points} points count; the "
        f"checks gave {number(part.points)}."
        for part in row.record.exercises
        if row.points[part.name] != part.points
    ]


def _mark_and_state(record: ExerciseRecord) -> tuple[str, str]:
    passed = sum(verdict.passed for verdict in record.verdicts)
    if record.state in (State.GRADER_ERROR, State.TAMPERING, State.DOUBTFUL):
        return "person", TO_STUDENT[record.state]
    if record.state in TO_STUDENT:
        return "partly" if passed and record.points else "open", TO_STUDENT[record.state]
    if passed == len(record.verdicts):
        return "solved", "Solved: every check passed."
    if all(verdict.kind == NotStarted.kind for verdict in record.verdicts):
        return "open", "Not started: the file is as it came."
    if passed:
        return "partly", "Partly solved: some checks passed, some did not."
    return "open", "Not solved yet: no check passed."


def _counts(record: ExerciseRecord) -> str:
    told = []
    for hidden, kind in ((False, "public"), (True, "hidden")):
        of_kind = [verdict for verdict in record.verdicts if verdict.hidden is hidden]
        if of_kind:
            passed = sum(verdict.passed for verdict in of_kind)
            told.append(f"{passed} of {counted(len(of_kind), f'{kind} check')}")
    cut_short = any(verdict.kind in CUT_SHORT for verdict in record.verdicts)
    when = " before it was stopped" if cut_short else ""
    return f"{' and '.join(told)} passed{when}." if told else ""


def _first_fault(record: ExerciseRecord) -> Fault | None:
    faults = [
        (place, verdict) for place, verdict in enumerate(record.verdicts, 1) if not verdict.passed
    ]
    if not faults:
        return None
    place, first = faults[0]
    message, idea = _message_and_idea(first)
    if record.state in NO_VERDICT or first.kind == NotStarted.kind:
        return Fault("", message, idea, 0)  # it is one fault for all checks
    return Fault(check_name(first, place), message, idea, len(faults) - 1)


def _message_and_idea(verdict: Verdict) -> tuple[str, str]:
    """Return what happened, and what it teaches: the last line of what a check found wrong."""
    message = verdict.message.rstrip()
    if verdict.hidden:
        return "", clean(message)
    told, line, idea = message.rpartition("\n")
    if verdict.kind != Wrong.kind or not line or len(verdict.message) >= MAX_MESSAGE:
        return clean(message), ""
    return clean(told), clean(idea.strip())
