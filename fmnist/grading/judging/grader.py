"""One grader: the checks are collected once, and called for one submission after the other.

The process that holds a grader runs the checks and the references. A student's code runs in a
worker only.
"""

import functools
import socket
import time
from collections.abc import Callable, Collection, Iterator
from contextlib import ExitStack

import pytest

from fmnist.answer import faults
from fmnist.answer.proxy import Answer, Session
from fmnist.exercises import answers, checks, sentences
from fmnist.exercises.catalog import Exercise
from fmnist.exercises.verdicts import Verdict
from fmnist.grading.hand_ins.submissions import Submission
from fmnist.grading.judging.records import Graded, record
from fmnist.grading.judging.reference_cache import CachedReference, Replies
from fmnist.grading.sandbox import isolation
from fmnist.grading.sandbox.workers import Worker, WorkerSession
from fmnist.grading.sandbox.zygotes import KERAS, PLAIN, Zygotes
from fmnist.tools.user_errors import UserError

# After so many calls of an exercise were stopped, its other checks are not tried any more.
STOPPED_CALLS = 3
PATIENCE = 5  # with a model answer, in terms of a student's time for a call
SUBMISSION_SECONDS = 600  # wall time for all answers of a submission together


class GraderError(UserError):
    """The grader itself failed; nobody's mark may follow from that."""


class Grader:
    """Grades one submission at a time.

    Args:
        exercises: that count.
        level: of isolation, as `selftest` found it to hold.
        mother: obeyed by a zygote with TensorFlow that several graders share.

    Raises:
        GraderError: the checks cannot be collected.
    """

    def __init__(
        self,
        exercises: tuple[Exercise, ...],
        level: isolation.Level,
        mother: socket.socket | None = None,
    ):
        files = [file for one in exercises for file in (one.public_checks, one.hidden_checks)]
        try:
            self._checks = checks.collect(files)
        except checks.NotCollected as error:
            if error.status == pytest.ExitCode.INTERRUPTED:
                message = "A file of checks cannot be imported; run `make test`."
            else:
                message = f"The checks could not be run: {error}."
            raise GraderError(message) from None
        self._exercises = exercises
        self._level = level
        self._zygotes = Zygotes(level, mother)
        # What needs no TensorFlow shares a worker: a fork costs more than most answers do.
        self._shared = Worker(lambda: self._zygotes.having(PLAIN))
        # TensorFlow takes a third of a second to wake in a fork.
        self._clean = Worker(lambda: self._zygotes.having(KERAS))
        self._replies: dict[str, Replies] = {one.name: {} for one in exercises}

    def close(self) -> None:
        """End its workers, as the end of its process does."""
        self._zygotes.close()

    def grade(self, submission: Submission, names: Collection[str] | None = None) -> Graded:
        """Return the record of a submission, and how long its checks took.

        Args:
            submission: what was handed in.
            names: of the exercises to judge, which alone are in the record; by default all.
        """
        exercises = tuple(one for one in self._exercises if names is None or one.name in names)
        deadline = time.monotonic() + SUBMISSION_SECONDS
        verdicts: list[Verdict] = []
        seconds: dict[str, float] = {}
        try:
            for exercise in exercises:
                for verdict, spent in self._judge(exercise, submission, deadline):
                    file = f"{'hidden' if verdict.hidden else 'test'}_{exercise.name}"
                    seconds[f"{file}::{verdict.check}"] = spent
                    verdicts.append(verdict)
        finally:
            self._shared.close()
            self._clean.close()
        outcome = record(
            submission,
            exercises,
            verdicts,
            expected=[
                (check.exercise, check.name, check.hidden)
                for check in self._checks
                if names is None or check.exercise in names
            ],
            isolation=self._level.letter,
        )
        return Graded(outcome, seconds)

    def _judge(
        self, exercise: Exercise, submission: Submission, deadline: float
    ) -> Iterator[tuple[Verdict, float]]:
        """Yield the verdict of each check of an exercise and the seconds that it took."""
        with ExitStack() as ending:
            start = functools.partial(self._session, exercise, deadline, ending)
            answer = functools.cache(functools.partial(_answer, exercise, submission, start))
            reference = functools.partial(self._reference, exercise, start)
            for check in [one for one in self._checks if one.exercise == exercise.name]:
                started = time.monotonic()
                verdict = checks.run(check, answer=answer, reference=reference)
                yield verdict, time.monotonic() - started

    def _reference(self, exercise: Exercise, start: Callable[..., WorkerSession]) -> Answer:
        """Return the model answer: here, but what needs TensorFlow runs where TensorFlow is."""

        def session() -> Session:
            if not exercise.keras:
                return answers.in_this_process(exercise, exercise.reference)
            return start(exercise.reference.read_text("utf-8"), patience=PATIENCE)

        replies = self._replies[exercise.name]
        return answers.model_answer(CachedReference(exercise.name, session, replies))

    def _session(
        self,
        exercise: Exercise,
        deadline: float,
        ending: ExitStack,
        source: str,
        *,
        patience: int = 1,
    ) -> WorkerSession:
        worker = self._shared
        if exercise.keras:  # models of one exercise are not kept beside those of the next
            worker = Worker(lambda: self._zygotes.having(KERAS))
            ending.callback(worker.close)
        return WorkerSession(
            exercise.name,
            source,
            imports=exercise.imports,
            worker=worker,
            clean=self._clean,
            seconds=patience * exercise.seconds,
            deadline=deadline,
            stopped_calls=STOPPED_CALLS,
        )


def _answer(
    exercise: Exercise, submission: Submission, start: Callable[[str], WorkerSession]
) -> Answer:
    """Return the student's function.

    Raises:
        faults.NotLoaded: there is no file, or it cannot be used.
    """
    if exercise.name in submission.unreadable:
        raise submission.unreadable[exercise.name].with_traceback(None)  # for each check afresh
    if exercise.name not in submission.sources:
        raise faults.Missing(sentences.NO_FILE.format(name=exercise.name))
    return Answer(start(submission.sources[exercise.name]))
