"""Workers, which run a student's code in a sandbox, and sessions with them."""

import math
import os
import signal
import socket
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from fmnist.answer import faults
from fmnist.answer.proxy import load
from fmnist.exercises import sentences
from fmnist.grading.sandbox.zygotes import Zygote
from fmnist.inside import codec, wire

PATIENCE = 5  # times its seconds that a call gets at most, if it waits for a processor meanwhile


class Clock:
    """The seconds that a call has left.

    The time that its process waited for a processor is not its own, and does not count: others
    had it.

    Args:
        seconds: for the call, from now on.
        process: id of the worker on this machine; 0 if nobody knows it.
    """

    def __init__(self, seconds: float, process: int):
        self._tasks = Path(f"/proc/{process}/task")
        self._main = str(process)
        self._end = time.monotonic() + seconds
        self._last = self._end + (PATIENCE - 1) * seconds
        self._before = self._waited(self._main)

    def __call__(self) -> float:
        """Return the seconds that are left; 0 or less if there are none."""
        left = self._end - time.monotonic()
        if left > 0:
            return left
        try:
            tasks = [task.name for task in self._tasks.iterdir()]
        except OSError:  # it has ended, or is not to be seen
            return left
        waited = max((self._waited(task) for task in tasks), default=0.0) - self._before
        return min(self._end + waited, self._last) - time.monotonic()

    def _waited(self, task: str) -> float:
        """Return for how many seconds a thread could have run and was not let to."""
        try:
            return int((self._tasks / task / "schedstat").read_text("ascii").split()[1]) / 1e9
        except (OSError, IndexError, ValueError):  # a kernel that does not count it
            return 0.0


class Worker:
    """A forked process, started when it is needed, and forked anew after it was ended.

    Args:
        zygote_: gives the zygote that the next process comes from.
    """

    def __init__(self, zygote_: Callable[[], Zygote]):
        self._zygote = zygote_
        self._home: Zygote | None = None
        self._number_there = 0
        self._process = 0
        self._connection: socket.socket | None = None
        self._number = 0

    @property
    def lives(self) -> bool:
        """Whether there is a process."""
        return self._connection is not None

    def exchange(self, request: dict[str, Any], *, seconds: float) -> object:
        """Send a request; return what came back within so many seconds, anything plain.

        How they are counted says `Clock`.

        Raises:
            isolation.NoSandbox: there is no process, and none can be started.
            wire.DeadlinePassed: nothing came in time.
            wire.Closed: the process has ended.
            codec.Malformed: what came is no reply to this request.
        """
        if self._connection is None:
            self._home = self._zygote()
            self._number_there, self._connection, self._process = self._home.fork()
        self._number += 1
        deadline = Clock(seconds, self._process)
        wire.send(self._connection, self._number, *codec.dumps(request), deadline=deadline)
        number, header, payload = wire.receive(self._connection, deadline=deadline)
        if number != self._number:
            raise codec.Malformed("a reply to no request")
        return codec.loads(header, payload)

    def close(self, *, wait: bool = False) -> int:
        """End the process, if there is one; return its status, or 0 without waiting for it."""
        if self._connection is None or self._home is None:
            return 0
        self._connection.close()
        self._connection = None
        return self._home.end(self._number_there, wait=wait)


class WorkerSession:
    """A session with a worker, see `answer.proxy.Session`.

    The worker is ended when a call takes too long or anything else is wrong with it, so that an
    endless loop costs one check and not the submission.

    Args:
        name: of the exercise.
        source: the student's file; None for a clean host.
        imports: packages that the exercise allows.
        worker: that runs the file, of this session alone.
        clean: worker that loads no student file and rebuilds the models of this session alone.
            None where no answer is a model.
        seconds: for a call, see `Clock`.
        deadline: of `time.monotonic`, for all calls together.
        stopped_calls: after so many calls that took too long, no other one is tried.
    """

    def __init__(
        self,
        name: str,
        source: str | None,
        *,
        imports: tuple[str, ...],
        worker: Worker,
        clean: Worker | None = None,
        seconds: float,
        deadline: float = math.inf,
        stopped_calls: float = math.inf,
    ):
        self.name = name
        self._source = source
        self._filled = False
        self._cleaned: list[WorkerSession] = []  # those with the clean worker
        self._imports = imports
        self._worker = worker
        self._clean = clean
        self._seconds = seconds
        self._deadline = deadline
        self._calls_left = stopped_calls
        self._unloadable: faults.NotLoaded | None = None
        self._loading = False  # what loads the file asks through this session

    def ask(self, request: dict[str, Any]) -> dict[str, Any]:
        """Return the worker's reply.

        Raises:
            faults.TimedOut: it did not come in time.
            faults.Crashed: the worker ended instead.
            faults.Tampering: what came is not a reply to this request.
            faults.NotLoaded: the file gives no function to call.
        """
        if self._unloadable is not None:  # it will not load the next time either
            raise self._unloadable.with_traceback(None)
        if self._calls_left <= 0:
            raise faults.TimedOut(
                sentences.NOT_TRIED_AGAIN.format(name=self.name, seconds=self._seconds)
            )
        if time.monotonic() > self._deadline:
            raise faults.TimedOut(sentences.NOT_TRIED.format(name=self.name))
        if self._source is not None and not (self._loading or self._worker.lives):
            self._load(self._source)
        return self._exchange(request)

    def clean(self) -> "WorkerSession":
        """Return a session with a worker that has loaded no student file."""
        assert self._clean is not None  # noqa: S101 (who asks for models gives one)
        self._cleaned.append(
            WorkerSession(
                self.name,
                None,
                imports=(),
                worker=self._clean,
                seconds=self._seconds,
                deadline=self._deadline,
            )
        )
        return self._cleaned[-1]

    @property
    def out_of_memory(self) -> bool:
        """Whether a call has found too little of it, here or in the clean worker."""
        return self._filled or any(session.out_of_memory for session in self._cleaned)

    def close(self, *, wait: bool = True) -> None:
        """End the workers, if there are any; the next call has new ones, and loads the file.

        Without waiting for it they end before their zygote does anything else.
        """
        for worker in filter(None, (self._worker, self._clean)):
            worker.close(wait=wait)

    def _load(self, source: str) -> None:
        self._loading = True
        try:
            load(self, source, filename=f"{self.name}.py", imports=self._imports)
        except faults.NotLoaded as fault:
            self._unloadable = fault
            self._worker.close()
            raise
        finally:
            self._loading = False

    def _exchange(self, request: dict[str, Any]) -> dict[str, Any]:
        try:
            reply = self._worker.exchange(request, seconds=self._seconds)
            if type(reply) is not dict:
                raise codec.Malformed("a reply that no honest one sends")
        except wire.DeadlinePassed:
            self._calls_left -= 1
            self._worker.close()
            raise faults.TimedOut(
                sentences.CALL_STOPPED.format(name=self.name, seconds=self._seconds)
            ) from None
        except wire.Closed:
            raise faults.Crashed(_how_it_ended(self.name, self._worker.close(wait=True))) from None
        except (codec.Malformed, MemoryError, RecursionError) as error:
            self._worker.close()
            raise faults.Tampering(f"The answer's process sent {error}.") from None
        fault = reply.get("fault")
        if type(fault) is dict and fault.get("error") == "MemoryError":
            self._filled = True
            self._worker.close()  # what filled it must not be in the way of the next answer
        return reply


def _how_it_ended(name: str, status: int) -> str:
    if os.WIFSIGNALED(status) and os.WTERMSIG(status) != signal.SIGKILL:
        how = sentences.BY_SIGNAL.format(signal=os.WTERMSIG(status))
    elif os.WIFEXITED(status):
        how = sentences.BY_ITSELF.format(status=os.WEXITSTATUS(status))
    else:
        how = sentences.BY_NOBODY_KNOWS
    return sentences.CALL_ENDED.format(name=name, how=how)
