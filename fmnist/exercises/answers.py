"""An answer and a model answer in this process, as functions that a check can call."""

import builtins
import os
from pathlib import Path
from typing import Any

from fmnist.answer.direct import DirectSession
from fmnist.answer.faults import RAISABLE, Fault
from fmnist.answer.proxy import Answer, Session, load
from fmnist.answer.source import read_source
from fmnist.exercises.catalog import Exercise


def in_this_process(exercise: Exercise, path: Path) -> DirectSession:
    """Return a session in which a file was loaded afresh.

    Args:
        exercise: that it answers.
        path: of the answer, or of the model answer.

    Raises:
        faults.NotLoaded: the file gives no function to call.
    """
    session = DirectSession(exercise.name)
    # A name on disk can be no text; it stands in messages only.
    filename = os.fsencode(path).decode("utf-8", "backslashreplace")
    load(session, read_source(path), filename=filename, imports=exercise.imports)
    return session


def answer(exercise: Exercise, path: Path) -> Answer:
    """Return the function in a student's file, see `in_this_process`."""
    return Answer(in_this_process(exercise, path))


def reference(exercise: Exercise) -> Answer:
    """Return the function of an exercise's reference, loaded afresh."""
    return model_answer(in_this_process(exercise, exercise.reference))


def model_answer(session: Session) -> Answer:
    """Return the function of a session with the model answer, whose faults are ours."""
    return Answer(_Ours(session))


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
