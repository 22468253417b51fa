"""Grade a class: pytest collects the checks once and runs them for each submission in turn.

This process runs the checks and the references. A student's code runs in a worker only.
"""

from collections.abc import Callable, Iterable
from pathlib import Path

import pytest
from _pytest.runner import runtestprotocol

from fmnist.answer import faults
from fmnist.answer.proxy import Answer
from fmnist.exercises import plugin
from fmnist.exercises.catalog import Exercise
from fmnist.exercises.recorder import Recorder, arguments
from fmnist.grading import isolation
from fmnist.grading.records import Record, record
from fmnist.grading.submissions import Submission
from fmnist.grading.workers import KERAS, WorkerSession, Zygote


class GraderError(Exception):
    """The grader itself failed; nobody's mark may follow from that."""


class Zygotes:
    """The warm interpreters of a class, started when the first exercise needs them.

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
        preload = KERAS if exercise.keras else ("numpy",)
        started = self._started.get(preload)
        if started is not None and started.lost:
            started.close()
            started = None
        if started is None:
            started = self._started[preload] = Zygote(self._level, preload=preload)
        return started


def grade(
    submissions: Iterable[Submission],
    exercises: tuple[Exercise, ...],
    *,
    level: isolation.Level,
    on_record: Callable[[Record], None],
) -> None:
    """Grade each submission and hand its record over as soon as it is whole.

    Args:
        submissions: what students handed in.
        exercises: that count.
        level: of isolation, as `selftest.strongest` found it to hold.
        on_record: called once a submission.

    Raises:
        GraderError: the checks cannot be collected.
    """
    files = [exercise.public_checks for exercise in exercises]
    files += [exercise.hidden_checks for exercise in exercises]
    with Zygotes(level) as zygotes:
        run = _ClassRun(submissions, exercises, zygotes, level, on_record)
        status = pytest.main(arguments(files), plugins=[run])
    if run.error is not None:
        raise run.error
    if status != pytest.ExitCode.OK:
        raise GraderError(f"The checks could not be run: pytest ended with {status!r}.")


class _ClassRun(Recorder):
    """The plugin that loops over submissions instead of running every check once."""

    def __init__(self, submissions, exercises, zygotes, level, on_record):
        super().__init__()
        self._submissions = submissions
        self._exercises = exercises
        self._zygotes = zygotes
        self._level = level
        self._on_record = on_record
        self._submission = Submission("", {}, {}, ())
        self._sessions: dict[str, WorkerSession] = {}
        self.error: GraderError | None = None

    def pytest_configure(self, config: pytest.Config) -> None:
        """Have the fixture `answer` come from the workers."""
        config.stash[plugin.PROVIDER] = self._answer

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Run every check for every submission."""
        if session.testsfailed:
            self.error = GraderError("A file of checks cannot be imported; run `make test`.")
            return True
        for submission in self._submissions:
            record_ = self._grade(submission, session.items)
            try:
                self._on_record(record_)
            except OSError as error:
                self.error = GraderError(
                    f"The record of {record_.student!r} cannot be written: {error.strerror}. Those "
                    "after it are not graded."
                )
                break
        return True

    def _grade(self, submission: Submission, items: list[pytest.Item]) -> Record:
        self._submission, self._sessions, self.verdicts = submission, {}, []
        try:
            for item in items:
                item._initrequest()  # type: ignore[attr-defined] # as pytest's own plugins do to run a test a second time
                runtestprotocol(item, log=False, nextitem=None)
        finally:
            for session in self._sessions.values():
                session.end()
        return record(submission, self._exercises, self.verdicts, isolation=self._level.letter)

    def _answer(self, exercise: Exercise, _: Path) -> Answer:
        submission = self._submission
        if exercise.name in submission.unreadable:
            raise submission.unreadable[exercise.name]
        if exercise.name not in submission.sources:
            raise faults.Missing(f"There is no file {exercise.name}.py.")
        if exercise.name not in self._sessions:
            self._sessions[exercise.name] = WorkerSession(
                exercise.name,
                submission.sources[exercise.name],
                imports=exercise.imports,
                zygote_=lambda: self._zygotes.for_exercise(exercise),
                seconds=exercise.seconds,
            )
        return Answer(self._sessions[exercise.name])
