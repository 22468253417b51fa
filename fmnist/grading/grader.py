"""One grader: pytest collects the checks once and runs them for one submission after the other.

The process that holds a grader runs the checks and the references. A student's code runs in a
worker only.
"""

import queue
import threading
import time
from pathlib import Path

import pytest

from fmnist.answer import faults
from fmnist.answer.proxy import Answer, Session
from fmnist.exercises import plugin
from fmnist.exercises.catalog import Exercise
from fmnist.exercises.recorder import Recorder, arguments
from fmnist.grading import isolation
from fmnist.grading.records import Graded, record
from fmnist.grading.remembered import Remembered, Replies
from fmnist.grading.submissions import Submission
from fmnist.grading.workers import KERAS, WorkerSession, Zygote

PLAIN = ("numpy", "numpy.random")  # what the zygote imports for exercises without Keras
START_SECONDS = 300  # to collect the checks of all exercises on a busy machine
# After so many calls of an exercise were stopped, its other checks are not tried any more.
STOPPED_CALLS = 3
PATIENCE = 5  # with a model answer, in terms of a student's time for a call
SUBMISSION_SECONDS = 600  # wall time for all answers of a submission together


class GraderError(Exception):
    """The grader itself failed; nobody's mark may follow from that."""


class Zygotes:
    """The warm interpreters of a grader, started when the first exercise needs them.

    Args:
        level: of isolation.
    """

    def __init__(self, level: isolation.Level):
        self._level = level
        self._started: dict[tuple[str, ...], Zygote] = {}

    def __enter__(self) -> "Zygotes":
        return self

    def __exit__(self, *_: object) -> None:
        for started in self._started.values():
            started.close()

    def for_exercise(self, exercise: Exercise) -> Zygote:
        """Return the zygote that has what an answer to `exercise` may import."""
        preload = KERAS if exercise.keras else PLAIN
        started = self._started.get(preload)
        if started is not None and started.lost:
            started.close()
            started = None
        if started is None:
            started = self._started[preload] = Zygote(self._level, preload=preload)
        return started


class Grader:
    """Grades one submission at a time; pytest stays ready in a thread of its own.

    Used as a context manager.

    Args:
        exercises: that count.
        level: of isolation, as `selftest` found it to hold.

    Raises:
        GraderError: the checks cannot be collected.
    """

    def __init__(self, exercises: tuple[Exercise, ...], level: isolation.Level):
        self._handed_in: queue.SimpleQueue[Submission | None] = queue.SimpleQueue()
        self._graded: queue.SimpleQueue[Graded | Exception | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._serve, args=(exercises, level), daemon=True)
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

    def _serve(self, exercises: tuple[Exercise, ...], level: isolation.Level) -> None:
        files = [exercise.public_checks for exercise in exercises]
        files += [exercise.hidden_checks for exercise in exercises]
        ended = GraderError("A file of checks cannot be imported; run `make test`.")
        try:
            with Zygotes(level) as zygotes:
                loop = _Loop(exercises, level, zygotes, self._handed_in, self._graded)
                status = pytest.main(arguments(files), plugins=[loop])
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
        self._submission = Submission("", {}, {}, ())
        self._sessions: dict[str, WorkerSession] = {}
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
        self._graded.put(None)  # ready
        while (submission := self._handed_in.get()) is not None:
            self._graded.put(self._grade(submission, session.items))
        return True

    def _grade(self, submission: Submission, items: list[pytest.Item]) -> Graded:
        self._submission, self._sessions, self.verdicts = submission, {}, []
        self._references, self._seconds = [], {}
        self._deadline = time.monotonic() + SUBMISSION_SECONDS
        try:
            for item in items:
                started = time.monotonic()
                item.ihook.pytest_runtest_protocol(item=item, nextitem=None)
                self._seconds[f"{item.path.stem}::{item.name}"] = time.monotonic() - started
        finally:
            for session in (*self._sessions.values(), *self._references):
                session.end()
        made = record(submission, self._exercises, self.verdicts, isolation=self._level.letter)
        return Graded(made, self._seconds)

    def _answer(self, exercise: Exercise, _: Path) -> Answer:
        submission = self._submission
        if exercise.name in submission.unreadable:
            raise submission.unreadable[exercise.name]
        if exercise.name not in submission.sources:
            raise faults.Missing(f"There is no file {exercise.name}.py.")
        if exercise.name not in self._sessions:
            source = submission.sources[exercise.name]
            self._sessions[exercise.name] = self._session(exercise, source)
        return Answer(self._sessions[exercise.name])

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
        return WorkerSession(
            exercise.name,
            source,
            imports=exercise.imports,
            zygote_=lambda: self._zygotes.for_exercise(exercise),
            seconds=patience * exercise.seconds,
            deadline=self._deadline,
            stopped_calls=STOPPED_CALLS,
        )
