"""One grader: the checks are collected once, and called for one submission after the other.

The process that holds a grader runs the checks and the references. A student's code runs in a
worker only.
"""

import functools
import signal
import socket
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Collection, Generator, Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import replace

import pytest

from fmnist.answer import faults
from fmnist.answer.proxy import Answer, Session
from fmnist.exercises import answers, checks, sentences
from fmnist.exercises.catalog import Exercise
from fmnist.exercises.verdicts import State, Verdict
from fmnist.grading.hand_ins.submissions import Submission
from fmnist.grading.judging.records import UNSURE, Graded, record
from fmnist.grading.judging.reference_cache import Run, Transcript
from fmnist.grading.sandbox import isolation
from fmnist.grading.sandbox.workers import Worker, WorkerSession
from fmnist.grading.sandbox.zygotes import KERAS, PLAIN, Zygotes
from fmnist.tools.user_errors import UserError

# After so many calls of an exercise were stopped, its other checks are not tried any more.
STOPPED_CALLS = 3
HASTE = (
    0.25  # of a student's time for a call, as long as others wait; who needs more comes after them
)
PATIENCE = 5  # with a model answer, in terms of a student's time for a call
# Of this process's processor, for a check; what can come back is compared in less than one.
CHECK_SECONDS = 30
SUBMISSION_SECONDS = 600  # wall time for all answers of a submission together


class GraderError(UserError):
    """The grader itself failed; nobody's mark may follow from that."""


class Grader:
    """Grades one submission at a time.

    Args:
        exercises: that count.
        level: of isolation, as `selftest` found it to hold.
        mother: obeyed by a zygote with TensorFlow that several graders share.
        seed: of the class, see `checks.seeded`.

    Raises:
        GraderError: the checks cannot be collected.
    """

    def __init__(
        self,
        exercises: tuple[Exercise, ...],
        level: isolation.Level,
        mother: socket.socket | None = None,
        *,
        seed: int = 0,
    ):
        files = [file for one in exercises for file in (one.public_checks, one.hidden_checks)]
        try:
            self._checks = [checks.seeded(check, seed) for check in checks.collect(files)]
        except checks.NotCollected as error:
            if error.status == pytest.ExitCode.INTERRUPTED:
                message = "A file of checks cannot be imported; run `make test`."
            else:
                message = f"The checks could not be run: {error}."
            raise GraderError(message) from None
        self._exercises = exercises
        self._level = level
        self._zygotes = Zygotes(level, mother)
        # Of each check, by its exercise, its name and whether it is hidden.
        self._remembered: defaultdict[tuple[str, str, bool], list[Transcript]] = defaultdict(list)

    def close(self) -> None:
        """End its workers, as the end of its process does."""
        self._zygotes.close()

    def grade(
        self, submission: Submission, only: Collection[str] = (), *, haste: bool = False
    ) -> Graded:
        """Return the record of a submission, how long its checks took, and what is to be doubted.

        Args:
            submission: what was handed in.
            only: names of the exercises to grade; all if there are none.
            haste: whether others wait. Then at the first thing that may be the machine's doing,
                and that must come again with nothing beside, the submission leaves its place to
                them: what is not judged is doubtful, too.
        """
        exercises = tuple(one for one in self._exercises if not only or one.name in only)
        verdicts: list[Verdict] = []
        seconds: dict[str, float] = {}
        out_of_memory: set[str] = set()
        judged = self._judge(submission, exercises, out_of_memory, haste=haste)
        for verdict, spent in judged:
            file = f"{'hidden' if verdict.hidden else 'test'}_{verdict.exercise}"
            seconds[f"{file}::{verdict.check}"] = spent
            verdicts.append(verdict)
            if haste and (verdict.kind in UNSURE or out_of_memory):
                judged.close()  # its workers with it
                break
        expected = [
            (check.exercise, check.name, check.hidden)
            for exercise in exercises
            for hidden in (False, True)
            for check in self._checks_of(exercise, hidden=hidden)
        ]
        outcome = record(
            submission,
            exercises,
            verdicts,
            expected=expected,
            isolation=self._level.letter,
            bounds=self._level.bounds,
        )
        doubtful = {part.name for part in outcome.exercises if part.state in UNSURE}
        doubtful |= {verdict.exercise for verdict in verdicts if verdict.kind in UNSURE}
        return Graded(outcome, seconds, tuple(sorted(doubtful | out_of_memory)))

    def _judge(
        self,
        submission: Submission,
        exercises: tuple[Exercise, ...],
        out_of_memory: set[str],
        *,
        haste: bool,
    ) -> Generator[tuple[Verdict, float], None, None]:
        """Yield the verdict of each check and the seconds that it took.

        All public checks come first, and each exercise has a worker of its own for its public and
        another for its hidden ones: what a process that has seen a hidden input does and leaves
        comes after the words that its author reads.

        Args:
            submission: what was handed in.
            exercises: to be graded.
            out_of_memory: to which exercises are added that found too little of it.
            haste: whether what takes long is left for later.
        """
        deadline = time.monotonic() + SUBMISSION_SECONDS * (HASTE if haste else 1)
        sessions = {
            exercise.name: self._session(
                exercise,
                submission.sources[exercise.name],
                deadline,
                patience=HASTE if haste and not exercise.keras else 1,
            )
            for exercise in exercises
            if exercise.name in submission.sources
        }
        # The next worker may come from another zygote, which does not wait for this one's end.
        apart = any(exercise.keras for exercise in exercises)
        words: dict[str, str] = {}  # of files that cannot be loaded, by exercise
        for hidden in (False, True):
            for exercise in exercises:
                session = sessions.get(exercise.name)
                with ExitStack() as ending:
                    if session is not None:
                        ending.callback(session.close, wait=apart)
                    answer = functools.partial(_answer, exercise, submission, session)
                    for check in self._checks_of(exercise, hidden=hidden):
                        started = time.monotonic()
                        verdict = self._verdict_in_time(check, exercise, answer, session)
                        if session is not None and verdict.kind == faults.NotLoaded.kind:
                            # While a file is loaded it chooses its words, and may know of inputs.
                            if hidden:
                                known = words.get(exercise.name, sentences.NOT_LOADED_AGAIN)
                                verdict = replace(verdict, message=known)
                            else:
                                words[exercise.name] = verdict.message
                        yield verdict, time.monotonic() - started
                if session is not None and session.out_of_memory:
                    out_of_memory.add(exercise.name)

    def _checks_of(self, exercise: Exercise, *, hidden: bool) -> list[checks.Check]:
        return [
            one for one in self._checks if (one.exercise, one.hidden) == (exercise.name, hidden)
        ]

    def _verdict_in_time(
        self,
        check: checks.Check,
        exercise: Exercise,
        answer: Callable[[], Answer],
        session: WorkerSession | None,
    ) -> Verdict:
        """Return the verdict of a check, also if comparing takes long."""
        with _clock() as has_struck:
            try:
                verdict = self._verdict(check, exercise, answer)
            except faults.Unusable as fault:  # it struck beside the check
                verdict = checks.verdict(check, fault)
        if session is not None and has_struck():
            session.close()  # it may have been stopped in the middle of a reply
        return verdict

    def _verdict(
        self,
        check: checks.Check,
        exercise: Exercise,
        answer: Callable[[], Answer],
    ) -> Verdict:
        """Return the verdict of a check, for which a model answer has hosts of its own."""
        with ExitStack() as ending:

            def session() -> Session:
                if not exercise.keras:
                    return answers.in_this_process(exercise, exercise.reference)
                source = exercise.reference.read_text("utf-8")
                own = time.monotonic() + SUBMISSION_SECONDS  # not what an answer has left over
                started = self._session(exercise, source, own, patience=PATIENCE)
                return ending.enter_context(closing(started))

            remembered = self._remembered[exercise.name, check.name, check.hidden]
            run = Run(exercise.name, session, remembered)
            verdict = checks.run(
                check, answer=answer, reference=lambda: answers.model_answer(run.session())
            )
            if verdict.kind != State.GRADER_ERROR:
                run.remember()
            return verdict

    def _session(
        self, exercise: Exercise, source: str, deadline: float, *, patience: float
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


@contextmanager
def _clock() -> Iterator[Callable[[], bool]]:
    """Have comparing what came back fail when it takes long; yield whether it has.

    A worker's time is its own. In a thread, as a cluster may have it, no clock can strike.
    """
    struck = False

    def strike(*_: object) -> None:
        nonlocal struck
        struck = True
        raise faults.Unusable(sentences.NOT_COMPARED.format(seconds=CHECK_SECONDS))

    in_main = threading.current_thread() is threading.main_thread()
    if not (in_main and hasattr(signal, "setitimer")):
        yield lambda: False
        return
    before = signal.signal(signal.SIGPROF, strike)
    signal.setitimer(signal.ITIMER_PROF, CHECK_SECONDS)
    try:
        yield lambda: struck
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


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
