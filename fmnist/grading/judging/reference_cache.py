"""What model answers said, remembered check by check: nobody computes it twice.

A check asks its model answer something, which depends on the case and perhaps on the answer that
is judged. What is remembered is a whole run: all that a check has asked, in order, and what came
back. A check that asks the same again gets the same. One that parts from what is known starts the
model answer and repeats what it has asked so far; should that come out otherwise than before, no
verdict may rest on it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from fmnist.answer.proxy import Session
from fmnist.inside import codec

Frame = tuple[bytes, bytes]
Step = tuple[int, Frame]  # number of the session in its run, and the request
KEPT = 16  # runs that are remembered of a check


class Changed(Exception):
    """A model answer that was asked the same again said something else."""


@dataclass(frozen=True)
class Transcript:
    """A whole run of a model answer.

    Attributes:
        steps: what was asked.
        replies: what came back, one a step.
    """

    steps: tuple[Step, ...]
    replies: tuple[Frame, ...]


class Run:
    """One check's way to its model answer, which is started only for what is not remembered.

    Args:
        name: of the exercise.
        start: gives a new session with the model answer.
        remembered: of this check.
    """

    def __init__(self, name: str, start: Callable[[], Session], remembered: list[Transcript]):
        self.name = name
        self._start = start
        self._remembered = remembered
        self._steps: list[Step] = []
        self._replies: list[Frame] = []
        self._mothers = {0: 0}  # of each session the one that it was split from
        self._live: dict[int, Session] = {}

    def session(self) -> "CachedReference":
        """Return the session with the model answer."""
        return CachedReference(self, 0)

    def ask(self, session: int, request: dict[str, Any]) -> dict[str, Any]:
        """Return the reply, a copy of its own for each caller.

        Raises:
            Changed: see there.
        """
        self._steps.append((session, codec.dumps(request)))
        count = len(self._steps)
        if not self._live:
            for transcript in self._remembered:
                if list(transcript.steps[:count]) == self._steps:
                    self._replies.append(transcript.replies[count - 1])
                    return codec.loads(*self._replies[-1])
            self._repeat()
        self._replies.append(self._asked(*self._steps[-1]))
        return codec.loads(*self._replies[-1])

    def split(self, session: int) -> int:
        """Return the number of a session with a host that has loaded no file."""
        number = len(self._mothers)
        self._mothers[number] = session
        return number

    def remember(self) -> None:
        """Keep this run, whose check has come to a verdict."""
        if not self._live or len(self._replies) < len(self._steps):
            return  # it is known, or was broken off
        whole = Transcript(tuple(self._steps), tuple(self._replies))
        count = len(whole.steps)
        for known in list(self._remembered):
            shorter = min(count, len(known.steps))
            if known.steps[:shorter] == whole.steps[:shorter] and shorter < count:
                self._remembered.remove(known)  # it is the beginning of this one
        self._remembered.append(whole)
        del self._remembered[:-KEPT]

    def _repeat(self) -> None:
        """Start the model answer, and ask what was asked but for the last."""
        for step, reply in zip(self._steps[:-1], self._replies, strict=True):
            if self._asked(*step) != reply:
                beginning = tuple(self._steps[: len(self._replies)])
                for known in list(self._remembered):
                    if known.steps[: len(beginning)] == beginning:
                        self._remembered.remove(known)
                raise Changed(f"The model answer of {self.name} says something else than before")

    def _asked(self, session: int, request: Frame) -> Frame:
        return codec.dumps(self._session(session).ask(codec.loads(*request)))

    def _session(self, number: int) -> Session:
        if number not in self._live:
            mother = self._mothers[number]
            self._live[number] = self._session(mother).clean() if number else self._start()
        return self._live[number]


class CachedReference:
    """A session of a run.

    Args:
        run: that it belongs to.
        number: of the session in it.
    """

    def __init__(self, run: Run, number: int):
        self.name = run.name
        self._run = run
        self._number = number

    def ask(self, request: dict[str, Any]) -> dict[str, Any]:
        """Return the model answer's reply, see `Run.ask`."""
        return self._run.ask(self._number, request)

    def clean(self) -> "CachedReference":
        """Return a session with a host that has loaded no file."""
        return CachedReference(self._run, self._run.split(self._number))
