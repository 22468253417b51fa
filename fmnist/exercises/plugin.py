"""The pytest plugin behind every check: the fixtures `answer` and `reference`.

It is installed as an entry point, so that plain ``pytest test_<name>.py`` works wherever a
student keeps the file. Who runs the checks in another way (`runner`, `grading`) sets
``config.stash[PROVIDER]``, a function from exercise to `Answer`, and ``config.stash[REFERENCES]``,
one from exercise to a session with the model answer.
"""

import builtins
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from fmnist.answer.direct import DirectSession
from fmnist.answer.faults import RAISABLE, Fault
from fmnist.answer.proxy import Answer, Session, load
from fmnist.answer.source import read_source
from fmnist.exercises import catalog

Provider = Callable[[catalog.Exercise, Path], Answer]
PROVIDER: pytest.StashKey[Provider] = pytest.StashKey()
REFERENCES: pytest.StashKey[Callable[[catalog.Exercise], Session]] = pytest.StashKey()


def answer_in_this_process(exercise: catalog.Exercise, path: Path) -> Answer:
    """Return the answer in `path`, loaded afresh.

    Raises:
        faults.NotLoaded: the file gives no function to call.
    """
    session = DirectSession(exercise.name)
    load(session, read_source(path), filename=str(path), imports=exercise.imports)
    return Answer(session)


def exercise_of(checks: Path) -> catalog.Exercise:
    """Return the exercise that a file of checks belongs to, by its name."""
    return catalog.find(checks.stem.removeprefix("test_").removeprefix("hidden_"))


@pytest.fixture
def answer(request: pytest.FixtureRequest) -> Answer:
    """The function under check: by default from the file beside the checks."""
    exercise = exercise_of(request.path)
    provider = request.config.stash.get(PROVIDER, answer_in_this_process)
    return provider(exercise, request.path.with_name(f"{exercise.name}.py"))


class ReferenceFailed(Exception):
    """The model answer cannot be asked; whatever the cause, it is no student's fault."""


class _Ours:
    """A session with the model answer, whose faults are ours."""

    def __init__(self, session: Session):
        self._session = session
        self.name = session.name

    def ask(self, request: dict[str, Any]) -> dict[str, Any]:
        """Return the reply, which must be an answer."""
        try:
            reply = self._session.ask(request)
        except Fault as fault:
            raise ReferenceFailed(str(fault)) from None
        if "fault" in reply:
            raise _failure(reply["fault"])
        return reply

    def clean(self) -> "_Ours":
        """Return a session with a host of its own."""
        return _Ours(self._session.clean())


def _failure(fault: dict[str, str]) -> ReferenceFailed:
    """Return what a check gets; one that expects the exception of the model answer can catch it."""
    kind: type[ReferenceFailed] = ReferenceFailed
    if fault["error"] in RAISABLE:
        kind = type("ReferenceFailed", (kind, getattr(builtins, fault["error"])), {})
    return kind(fault["sentence"])


def reference_in_this_process(exercise: catalog.Exercise) -> Session:
    """Return a session in which the model answer was loaded afresh."""
    session, path = DirectSession(exercise.name), exercise.reference
    load(session, read_source(path), filename=str(path), imports=exercise.imports)
    return session


@pytest.fixture
def reference(request: pytest.FixtureRequest) -> Answer:
    """The model answer, for hidden checks."""
    provider = request.config.stash.get(REFERENCES, reference_in_this_process)
    return model_answer(provider(exercise_of(request.path)))


def model_answer(session: Session) -> Answer:
    """Return the function of a session with the model answer."""
    return Answer(_Ours(session))
