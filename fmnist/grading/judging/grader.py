"""One grader: pytest collects the checks once and runs them for one submission after the other.

The process that holds a grader runs the checks and the references. A student's code runs in a
worker only.
"""

import queue
import socket
import threading
import time
from pathlib import Path

import pytest

from fmnist.answer import faults
from fmnist.answer.proxy import Answer, Session
from fmnist.exercises import plugin, sentences
from fmnist.exercises.catalog import Exercise
from fmnist.exercises.recorder import Recorder, check_of, run_checks
from fmnist.exercises.verdicts import Check
from fmnist.grading.hand_ins.submissions import Submission
from fmnist.grading.judging import plain_checks
from fmnist.grading.judging.records import Graded, record
from fmnist.grading.judging.remembered import Remembered, Replies
from fmnist.grading.sandbox import isolation
from fmnist.grading.sandbox.workers import Worker, WorkerSession
from fmnist.grading.sandbox.zygotes import KERAS, PLAIN, Zygotes

START_SECONDS = 300  # to collect the checks of all exercises on a busy machine
# After so many calls of an exercise were stopped, its other checks are not tried any more.
STOPPED_CALLS = 3
PATIENCE = 5  # with a model answer, in terms of a student's time for a call
SUBMISSION_SECONDS = 600  # wall time for all answers of a submission together


class GraderError(Exception):
    """The grader itself failed; nobody's mark may follow from that."""


class Grader:
    """Grades one submission at a time; pytest stays ready in a thread of its own.

    Used as a context manager.

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
        self._handed_in: queue.SimpleQueue[Submission | None] = queue.SimpleQueue()
        self._graded: queue.SimpleQueue[Graded | Exception | None] = queue.SimpleQueue()
        self._thread = threading.Thread(
            target=self._serve, args=(exercises, level, mother), daemon=True
        )
        self._thread.start()
        self._take(START_SECONDS)

    def __enter__(self) -> "Grader":
        return self

    def __exit__(self, *_: object) -> None:
        self._handed_in.put(None)
        self._thread.join()

    def grade(self, submission: Submission) -> Graded:
        """Return the record of a submission, and how long its checks took.

        Raises:
            GraderError: pytest has ended.
        """
        self._handed_in.put(submission)
        graded = self._take(None)
        assert graded is not None  # noqa: S101 (that is said once, at the start)
        return graded

    def _take(self, timeout: float | None) -> Graded | None:
        try:
            graded = self._graded.get(timeout=timeout)
        except queue.Empty:
            raise GraderError(f"The checks were not ready after {timeout:g} s.") from None
        if isinstance(graded, Exception):
            raise graded
        return graded

    def _serve(
        self,
        exercises: tuple[Exercise, ...],
        level: isolation.Level,
        mother: socket.socket | None,
    ) -> None:
        files = [file for one in exercises for file in (one.public_checks, one.hidden_checks)]
        ended = GraderError("A file of checks cannot be imported; run `make test`.")
        try:
            with Zygotes(level, mother) as zygotes:
                loop = _Loop(exercises, level, zygotes, self._handed_in, self._graded)
                status = run_checks(files, plugins=[loop])
            if status != pytest.ExitCode.INTERRUPTED:
                ended = GraderError(f"The checks could not be run: pytest ended with {status!r}.")
        finally:
            self._graded.put(ended)  # whoever still waits, waits in vain


class _Loop(Recorder):
    """The plugin that runs the checks for one submission after the other."""

    def __init__(self, exercises, level, zygotes, handed_in, graded):
        super().__init__()
        self._exercises = exercises
        self._level = level
        self._zygotes = zygotes
        self._handed_in = handed_in
        self._graded = graded
        self._expected: list[Check] = []
        self._submission = Submission("", {}, {}, ())
        # What needs no TensorFlow shares a worker: a fork costs more than most answers do.
        self._shared = Worker(lambda: zygotes.having(PLAIN))
        # TensorFlow takes a third of a second to wake in a fork.
        self._clean = Worker(lambda: zygotes.having(KERAS))
        self._answered: WorkerSession | None = None
        self._references: list[WorkerSession] = []
        self._replies: dict[str, Replies] = {}
        self._deadline = 0.0
        self._seconds: dict[str, float] = {}

    def pytest_configure(self, config: pytest.Config) -> None:
        """Have the fixtures `answer` and `reference` come from here."""
        config.stash[plugin.PROVIDER] = self._answer
        config.stash[plugin.REFERENCES] = self._reference

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Run every check for every submission."""
        if session.testsfailed:
            raise session.Interrupted("the checks cannot be imported")
        checks: dict[str, list[pytest.Item]] = {one.name: [] for one in self._exercises}
        for item in session.items:
            checks[plugin.exercise_of(item.path).name].append(item)
        self._expected = [check_of(item) for item in session.items]
        plain = {item for item in session.items if plain_checks.is_plain(item)}
        self._graded.put(None)  # ready
        while (submission := self._handed_in.get()) is not None:
            self._graded.put(self._grade(submission, checks, plain))
        return True

    def _grade(
        self,
        submission: Submission,
        checks: dict[str, list[pytest.Item]],
        plain: set[pytest.Item],
    ) -> Graded:
        self._submission, self.verdicts, self._seconds = submission, [], {}
        self._deadline = time.monotonic() + SUBMISSION_SECONDS
        try:
            for exercise in self._exercises:
                self._grade_one(exercise, checks[exercise.name], plain)
        finally:
            self._shared.close()
            self._clean.close()
        made = record(
            submission,
            self._exercises,
            self.verdicts,
            expected=self._expected,
            isolation=self._level.letter,
        )
        return Graded(made, self._seconds)

    def _grade_one(
        self, exercise: Exercise, items: list[pytest.Item], plain: set[pytest.Item]
    ) -> None:
        self._answered, self._references = None, []
        try:
            for item in items:
                started = time.monotonic()
                if item in plain:
                    found = plain_checks.run(
                        item,
                        answer=lambda: self._answer(exercise),
                        reference=lambda: plugin.model_answer(self._reference(exercise)),
                    )
                    self.verdicts.append(found)
                else:
                    item.ihook.pytest_runtest_protocol(item=item, nextitem=None)
                self._seconds[f"{item.path.stem}::{item.name}"] = time.monotonic() - started
        finally:
            if exercise.keras:  # models of one exercise are not kept beside those of the next
                for session in (self._answered, *self._references):
                    if session is not None:
                        session.close()

    def _answer(self, exercise: Exercise, _: Path | None = None) -> Answer:
        submission = self._submission
        if exercise.name in submission.unreadable:
            raise submission.unreadable[exercise.name]
        if exercise.name not in submission.sources:
            raise faults.Missing(sentences.NO_FILE.format(name=exercise.name))
        if self._answered is None:
            self._answered = self._session(exercise, submission.sources[exercise.name])
        return Answer(self._answered)

    def _reference(self, exercise: Exercise) -> Session:
        """Return the model answer: here, but what needs TensorFlow runs where TensorFlow is."""

        def start() -> Session:
            if not exercise.keras:
                return plugin.reference_in_this_process(exercise)
            source = exercise.reference.read_text("utf-8")
            self._references.append(self._session(exercise, source, patience=PATIENCE))
            return self._references[-1]

        replies = self._replies.setdefault(exercise.name, {})
        return Remembered(exercise.name, start, replies)

    def _session(self, exercise: Exercise, source: str, *, patience: int = 1) -> WorkerSession:
        worker = self._shared
        if exercise.keras:
            worker = Worker(lambda: self._zygotes.having(KERAS))
        return WorkerSession(
            exercise.name,
            source,
            imports=exercise.imports,
            worker=worker,
            clean=self._clean,
            seconds=patience * exercise.seconds,
            deadline=self._deadline,
            stopped_calls=STOPPED_CALLS,
        )
