"""The outcome of a submission: states, points and verdicts."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from fmnist.answer.faults import NotLoaded
from fmnist.exercises import scores, sentences
from fmnist.exercises.catalog import Exercise
from fmnist.exercises.verdicts import NO_POINTS, Outcome, State, Verdict, unjudged
from fmnist.grading.hand_ins.submissions import Submission

# What may be the machine's doing: it counts if it comes again with nothing beside.
UNSURE = (State.GRADER_ERROR, State.TIMED_OUT, State.CRASHED)
STATE_OF_KIND = {NotLoaded.kind: State.NOT_GRADABLE}
Expected = tuple[str, str, bool]  # exercise, check and hidden of a `Verdict`


@dataclass(frozen=True)
class ExerciseRecord:
    """The outcome of one exercise.

    Attributes:
        name: of the exercise.
        state: one of `State`: the worst that a verdict shows.
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
        notes: sentences on how the files were read.
        bounds: by what its workers were bounded apart from those of others.
    """

    student: str
    attempt: int
    state: str
    points: float
    max_points: int
    isolation: str
    exercises: tuple[ExerciseRecord, ...]
    ignored: tuple[str, ...]
    notes: tuple[str, ...] = ()
    bounds: str = ""

    @property
    def unread(self) -> str:
        """Why there was no answer at all to be judged; empty if there was one."""
        states = {part.state for part in self.exercises}
        if not states or not states <= {State.MISSING, State.NOT_GRADABLE}:
            return ""
        unusable = [part for part in self.exercises if part.state == State.NOT_GRADABLE]
        first = (unusable or list(self.exercises))[0]
        return first.verdicts[0].message if first.verdicts else ""


@dataclass(frozen=True)
class Graded:
    """A record and what is not to stand in it, since it differs from run to run.

    Attributes:
        record: of the submission.
        seconds: wall time of each check, by stem of its file and name.
        doubtful: exercises with an outcome that may be the machine's and not the answer's: a call
            that was stopped, ended its process or found no memory, or a fault of ours.
    """

    record: Record
    seconds: dict[str, float]
    doubtful: tuple[str, ...] = ()


def settled(first: Graded, again: Graded) -> Graded:
    """Return what a submission gets of which some exercises were graded again, with nothing beside.

    What public checks said the first time stands, if it was sure: a student reads their words, and
    hidden checks may have been asked since.

    Args:
        first: of the whole submission.
        again: of these exercises.
    """
    names = [part.name for part in first.record.exercises]
    sure = {
        (verdict.exercise, verdict.check): verdict
        for part in first.record.exercises
        for verdict in part.verdicts
        if not verdict.hidden and verdict.kind not in UNSURE
    }
    anew = [_with_words(part, sure) for part in again.record.exercises]
    record = joined(first.record, anew, names)
    return Graded(record, first.seconds | again.seconds)


def _with_words(part: ExerciseRecord, sure: Mapping[tuple[str, str], Verdict]) -> ExerciseRecord:
    """Return an outcome in which some public checks say what they said before."""
    known = [one for (exercise, _), one in sure.items() if exercise == part.name]
    said = [one.message for one in known if one.kind == NotLoaded.kind]
    verdicts = []
    for verdict in part.verdicts:
        if not verdict.hidden:
            verdicts.append(sure.get((verdict.exercise, verdict.check), verdict))
        elif known and verdict.kind == NotLoaded.kind:
            message = said[0] if said else sentences.NOT_LOADED_AGAIN
            verdicts.append(replace(verdict, message=message))
        else:
            verdicts.append(verdict)
    if tuple(verdicts) == part.verdicts:
        return part
    return _exercise_record(part.name, part.max_points, verdicts)


def joined(earlier: Record, anew: Iterable[ExerciseRecord], names: Iterable[str]) -> Record:
    """Return a record of some exercises as they were, and of others as they are now.

    Args:
        earlier: of all that are not graded anew.
        anew: the others.
        names: of all, in the catalogue's order.
    """
    by_name = {part.name: part for part in (*earlier.exercises, *anew)}
    parts = tuple(by_name[name] for name in names)
    return replace(earlier, exercises=parts, **_sums(parts))


def record(
    submission: Submission,
    exercises: tuple[Exercise, ...],
    verdicts: list[Verdict],
    *,
    expected: Iterable[Expected],
    isolation: str,
    bounds: str = "",
) -> Record:
    """Return the record of a submission from the verdicts of its checks.

    Args:
        submission: what was handed in.
        exercises: that count.
        verdicts: as they came.
        expected: the checks that were to give one. Points are shares of these: one that is
            missing, or there twice, is a fault of the grader, and never a higher mark.
        isolation: letter of the level at which the code ran.
        bounds: by what its workers were bounded.
    """
    whole = [*verdicts, *_unsettled(verdicts, expected)]
    parts = tuple(
        _exercise_record(
            exercise.name,
            exercise.points,
            [one for one in whole if one.exercise == exercise.name],
        )
        for exercise in exercises
    )
    return Record(
        student=submission.student,
        attempt=submission.attempt,
        isolation=isolation,
        exercises=parts,
        ignored=submission.ignored,
        notes=submission.notes,
        bounds=bounds,
        **_sums(parts),
    )


def _sums(parts: tuple[ExerciseRecord, ...]) -> dict[str, Any]:
    """Return what a record says of all exercises together."""
    states = {part.state for part in parts}
    if states == {State.MISSING}:
        state = State.MISSING
    else:
        worst = (State.GRADER_ERROR, State.TAMPERING, State.DOUBTFUL)
        state = next((bad for bad in worst if bad in states), State.GRADED)
    return {
        "state": state,
        "points": round(sum(part.points for part in parts), 2),
        "max_points": sum(part.max_points for part in parts),
    }


def _unsettled(verdicts: list[Verdict], expected: Iterable[Expected]) -> list[Verdict]:
    """Return a fault of ours for every check that has not just the verdict it should have."""
    wanted = Counter(expected)
    given = Counter((verdict.exercise, verdict.check, verdict.hidden) for verdict in verdicts)
    return [
        Verdict(
            *check,
            Outcome.ERROR,
            State.GRADER_ERROR,
            sentences.UNSETTLED.format(found=given[check], wanted=wanted[check]),
        )
        for check in wanted | given
        if given[check] != wanted[check]
    ]


def _exercise_record(name: str, most: int, verdicts: list[Verdict]) -> ExerciseRecord:
    shown = {STATE_OF_KIND.get(verdict.kind, verdict.kind) for verdict in verdicts}
    # A check that we skip, or none at all, is no verdict on the answer: fail closed, as ours.
    if not verdicts or any(verdict.outcome == Outcome.SKIPPED for verdict in verdicts):
        shown.add(State.GRADER_ERROR)
    state = next((state for state in State if state in shown), State.GRADED)
    points = 0.0 if state in NO_POINTS else round(most * scores.share(verdicts), 2)
    return ExerciseRecord(name, state, points, most, tuple(verdicts))


def nothing(student: str, exercises: tuple[Exercise, ...], *, isolation: str) -> Record:
    """Return the record of a student who has handed in nothing."""
    handed_in = Submission(student, {}, {}, ())
    return _without_checks(handed_in, exercises, State.MISSING, sentences.NO_FILE, isolation)


def lost(submission: Submission, exercises: tuple[Exercise, ...], *, isolation: str) -> Graded:
    """Return the record of a submission whose grading ended its process again and again."""
    kind, message = State.GRADER_ERROR, sentences.GRADER_ENDED
    return Graded(_without_checks(submission, exercises, kind, message, isolation), {})


def _without_checks(
    submission: Submission,
    exercises: tuple[Exercise, ...],
    kind: str,
    message: str,
    isolation: str,
) -> Record:
    """Return a record for which no check was run: one verdict stands for all of an exercise."""
    expected = [(exercise.name, "", False) for exercise in exercises]
    verdicts = [
        unjudged(exercise.name, kind, message.format(name=exercise.name)) for exercise in exercises
    ]
    return record(submission, exercises, verdicts, expected=expected, isolation=isolation)
