"""Model answers that are asked once: what they said to a check holds for every submission."""

from collections.abc import Callable
from typing import Any

from fmnist.answer.proxy import Session
from fmnist.inside import codec

Frame = tuple[bytes, bytes]
# Replies by the requests of a session so far, the last of which they answer.
Replies = dict[tuple[Frame, ...], Frame]


class CachedReference:
    """A session with a model answer, which is started only for what nobody has asked before.

    A reply may depend on the requests before it, as a model's does on the calls that made it; so
    replies are known by all requests of the session, and these are repeated if it must be started.

    Args:
        name: of the exercise.
        start: gives a new session with the model answer.
        replies: that are known; new ones are added.
        before: what tells this session's requests from another's.
    """

    def __init__(
        self,
        name: str,
        start: Callable[[], Session],
        replies: Replies,
        before: tuple[Frame, ...] = (),
    ):
        self.name = name
        self._start = start
        self._replies = replies
        self._before = before
        self._asked: tuple[Frame, ...] = ()
        self._session: Session | None = None

    def ask(self, request: dict[str, Any]) -> dict[str, Any]:
        """Return the model answer's reply, a copy of its own for each caller."""
        self._asked += (codec.dumps(request),)
        known = self._before + self._asked
        if known not in self._replies:
            self._replies[known] = codec.dumps(self._live().ask(request))
        return codec.loads(*self._replies[known])

    def clean(self) -> "CachedReference":
        """Return a session with a host that has loaded no file."""
        before = (*self._before, *self._asked, (b"clean", b""))
        return CachedReference(self.name, lambda: self._live().clean(), self._replies, before)

    def _live(self) -> Session:
        if self._session is None:
            self._session = self._start()
            for header, payload in self._asked[:-1]:
                self._session.ask(codec.loads(header, payload))
        return self._session
