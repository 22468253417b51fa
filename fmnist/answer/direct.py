"""A session whose host lives in this process: for a student's own machine, and for references.

Requests and replies still go through `codec`, so that an answer meets the same rules here as
in a sandbox: the function gets copies, and only plain data comes back.
"""

from collections.abc import Callable
from typing import Any

from fmnist.inside import codec
from fmnist.inside.host import Host


class DirectSession:
    """A host in this process; see `proxy.Session`.

    Args:
        name: of the exercise.
        function: the answer, if it is at hand and need not be loaded from a file.
    """

    def __init__(self, name: str, function: Callable | None = None):
        self.name = name
        self._host = Host(function)

    def ask(self, request: dict[str, Any]) -> dict[str, Any]:
        """Return the host's reply."""
        return codec.loads(*self._host.respond(*codec.dumps(request)))

    def clean(self) -> "DirectSession":
        """Return a session with another host; in one process it is only as clean as this one."""
        return DirectSession(self.name)
