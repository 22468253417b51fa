"""The outcome of a submission: states, points and verdicts."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from fmnist.exercises.catalog import Exercise
from fmnist.exercises.verdicts import Verdict
from fmnist.grading.hand_ins.submissions import Submission

# States of an exercise from the worst to the best; the first that a verdict shows is the state.
STATES = (
    "grader error",
    "tampering suspected",
    "missing",
    "not gradable",
    "timed out",
    "crashed",
    "graded",
)
STATE_OF_KIND = {"not loaded": "not gradable"}
UNSETTLED = "This check has {} verdicts and not {}; that is our fault, not your answer's."
Expected = tuple[str, str, bool]  # exercise, check and hidden of a `Verdict`
NO_POINTS = ("grader error", "tampering suspected", "missing", "not gradable")


@dataclass(frozen=True)
class ExerciseRecord:
    """The outcome of one exercise.

    Attributes:
        name: of the exercise.
        state: one of `STATES`.
        points: earned, in hundredths at the finest.
        max_points: that could be earned.
        verdicts: one a check.
    """

    name: str
    state: str
    points: float
    max_points: int
    verdicts: tuple[Verdict, ...]


@dataclass(frozen=True)
class Record:
    """The outcome of one submission.

    Attributes:
        student: who handed it in.
        attempt: number of the hand-in, from 1.
        state: "graded" if every check got a verdict; otherwise what kept it from one.
        points: sum over exercises.
        max_points: sum over exercises.
        isolation: letter of the level at which the code ran.
        exercises: one a catalogue entry, in its order.
        ignored: files that were handed in and not asked for.
    """

    student: str
    attempt: int
    state: str
    points: float
    max_points: int
    isolation: str
    exercises: tuple[ExerciseRecord, ...]
    ignored: tuple[str, ...]


@dataclass(frozen=True)
class Graded:
    """A record and what is not to stand in it, since it differs from run to run.

    Attributes:
        record: of the submission.
        seconds: wall time of each check, by stem of its file and name.
    """

    record: Record
    seconds: dict[str, float]


def record(
    submission: Submission,
    exercises: tuple[Exercise, ...],
    verdicts: list[Verdict],
    *,
    expected: Iterable[Expected],
    isolation: str,
) -> Record:
    """Return the record of a submission from the verdicts of its checks.

    Args:
        submission: what was handed in.
        exercises: that count.
        verdicts: as they came.
        expected: the checks that were to give one. Points are shares of these: one that is
            missing, or there twice, is a fault of the grader, and never a higher mark.
        isolation: letter of the level at which the code ran.
    """
    settled = [*verdicts, *_unsettled(verdicts, expected)]
    parts = tuple(
        _exercise_record(exercise, [one for one in settled if one.exercise == exercise.name])
        for exercise in exercises
    )
    states = {part.state for part in parts}
    if states == {"missing"}:
        state = "missing"
    else:
        state = next((bad for bad in STATES[:2] if bad in states), "graded")
    return Record(
        student=submission.student,
        attempt=submission.attempt,
        state=state,
        points=round(sum(part.points for part in parts), 2),
        max_points=sum(part.max_points for part in parts),
        isolation=isolation,
        exercises=parts,
        ignored=submission.ignored,
    )


def _unsettled(verdicts: list[Verdict], expected: Iterable[Expected]) -> list[Verdict]:
    """Return a fault of ours for every check that has not just the verdict it should have."""
    wanted = Counter(expected)
    given = Counter((verdict.exercise, verdict.check, verdict.hidden) for verdict in verdicts)
    return [
        Verdict(*check, "error", "grader error", UNSETTLED.format(given[check], wanted[check]))
        for check in wanted | given
        if given[check] != wanted[check]
    ]


def _exercise_record(exercise: Exercise, verdicts: list[Verdict]) -> ExerciseRecord:
    shown = {STATE_OF_KIND.get(verdict.kind, verdict.kind) for verdict in verdicts}
    # A check that we skip, or none at all, is no verdict on the answer: fail closed, as ours.
    if not verdicts or any(verdict.outcome == "skipped" for verdict in verdicts):
        shown.add("grader error")
    state = next((state for state in STATES if state in shown), "graded")
    passed = sum(verdict.outcome == "passed" for verdict in verdicts)
    points = 0.0 if state in NO_POINTS else round(exercise.points * passed / len(verdicts), 2)
    return ExerciseRecord(exercise.name, state, points, exercise.points, tuple(verdicts))


def nothing(student: str, exercises: tuple[Exercise, ...], *, isolation: str) -> Record:
    """Return the record of a student who has handed in nothing."""
    handed_in = Submission(student, {}, {}, ())
    message = "There is no file {}.py."
    return _without_checks(handed_in, exercises, "missing", message, isolation=isolation)


def lost(submission: Submission, exercises: tuple[Exercise, ...], *, isolation: str) -> Graded:
    """Return the record of a submission whose grading ended its process again and again."""
    message = "Grading this ended the grader itself; that is not for you to mend."
    outcome = _without_checks(submission, exercises, "grader error", message, isolation=isolation)
    return Graded(outcome, {})


def _without_checks(
    submission: Submission,
    exercises: tuple[Exercise, ...],
    kind: str,
    message: str,
    *,
    isolation: str,
) -> Record:
    """Return a record for which no check was run: one verdict stands for all of an exercise."""
    expected = [(exercise.name, "", False) for exercise in exercises]
    verdicts = [
        Verdict(*check, outcome="error", kind=kind, message=message.format(check[0]))
        for check in expected
    ]
    return record(submission, exercises, verdicts, expected=expected, isolation=isolation)
