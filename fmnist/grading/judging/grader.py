"""One grader: the checks are collected once, and called for one submission after the other.

The process that holds a grader runs the checks and the references. A student's code runs in a
worker only.
"""

import functools
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, nullcontext

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
        self._replies: dict[str, Replies] = {one.name: {} for one in exercises}

    def close(self) -> None:
        """End its workers, as the end of its process does."""
        self._zygotes.close()

    def grade(self, submission: Submission) -> Graded:
        """Return the record of a submission, and how long its checks took."""
        verdicts: list[Verdict] = []
        seconds: dict[str, float] = {}
        for verdict, spent in self._judge(submission):
            file = f"{'hidden' if verdict.hidden else 'test'}_{verdict.exercise}"
            seconds[f"{file}::{verdict.check}"] = spent
            verdicts.append(verdict)
        outcome = record(
            submission,
            self._exercises,
            verdicts,
            expected=[(check.exercise, check.name, check.hidden) for check in self._checks],
            isolation=self._level.letter,
        )
        return Graded(outcome, seconds)

    def _judge(self, submission: Submission) -> Iterator[tuple[Verdict, float]]:
        """Yield the verdict of each check and the seconds that it took.

        All public checks come first, and each exercise has a worker of its own for its public and
        another for its hidden ones: of what a process that has seen a hidden input does and
        leaves, no student reads a word.
        """
        deadline = time.monotonic() + SUBMISSION_SECONDS
        sessions = {
            exercise.name: self._session(exercise, submission.sources[exercise.name], deadline)
            for exercise in self._exercises
            if exercise.name in submission.sources
        }
        for hidden in (False, True):
            for exercise in self._exercises:
                session = sessions.get(exercise.name)
                with closing(session) if session else nullcontext():
                    answer = functools.partial(_answer, exercise, submission, session)
                    for check in self._checks_of(exercise, hidden=hidden):
                        started = time.monotonic()
                        verdict = self._verdict(check, exercise, answer, deadline)
                        yield verdict, time.monotonic() - started

    def _checks_of(self, exercise: Exercise, *, hidden: bool) -> list[checks.Check]:
        return [
            one for one in self._checks if (one.exercise, one.hidden) == (exercise.name, hidden)
        ]

    def _verdict(
        self,
        check: checks.Check,
        exercise: Exercise,
        answer: Callable[[], Answer],
        deadline: float,
    ) -> Verdict:
        """Return the verdict of a check, for which a model answer has hosts of its own."""
        with ExitStack() as ending:
            reference = functools.partial(self._reference, exercise, deadline, ending)
            return checks.run(check, answer=answer, reference=reference)

    def _reference(self, exercise: Exercise, deadline: float, ending: ExitStack) -> Answer:
        """Return the model answer: here, but what needs TensorFlow runs where TensorFlow is."""

        def session() -> Session:
            if not exercise.keras:
                return answers.in_this_process(exercise, exercise.reference)
            source = exercise.reference.read_text("utf-8")
            return ending.enter_context(
                closing(self._session(exercise, source, deadline, patience=PATIENCE))
            )

        replies = self._replies[exercise.name]
        return answers.model_answer(CachedReference(exercise.name, session, replies))

    def _session(
        self, exercise: Exercise, source: str, deadline: float, *, patience: int = 1
    ) -> WorkerSession:
        """Return a session with a worker, and with a clean one where models come back."""

        def worker() -> Worker:
            return Worker(lambda: self._zygotes.having(KERAS if exercise.keras else PLAIN))

        return WorkerSession(
            exercise.name,
            source,
            imports=exercise.imports,
            worker=worker(),
            clean=worker() if exercise.keras else None,
            seconds=patience * exercise.seconds,
            deadline=deadline,
            stopped_calls=STOPPED_CALLS,
        )


def _answer(exercise: Exercise, submission: Submission, session: WorkerSession | None) -> Answer:
    """Return the student's function.

    Raises:
        faults.NotLoaded: there is no file, or it cannot be used.
    """
    if exercise.name in submission.unreadable:
        raise submission.unreadable[exercise.name].with_traceback(None)  # for each check afresh
    if session is None:
        raise faults.Missing(sentences.NO_FILE.format(name=exercise.name))
    return Answer(session)
