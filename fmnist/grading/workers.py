"""The grader's end of the sandbox: zygotes, their workers, and sessions with them."""

import math
import os
import signal
import socket
import subprocess
import time
from collections.abc import Callable
from typing import Any

from fmnist.answer import faults, plain, wire
from fmnist.answer.proxy import load
from fmnist.grading import isolation, seccomp, zygote

START_SECONDS = 120  # a cold import of TensorFlow on a busy machine
COMMAND_SECONDS = 20
SEED = 0
GIB = 2**30
GONE = (OSError, wire.Closed, wire.DeadlinePassed)  # all that a lost zygote can look like
ENVIRONMENT = {
    "PATH": os.defpath,
    "HOME": "/",
    "LANG": "C.UTF-8",
    "PYTHONHASHSEED": "0",
    "KERAS_BACKEND": "tensorflow",
    "TF_CPP_MIN_LOG_LEVEL": "3",
    "CUDA_VISIBLE_DEVICES": "-1",
}
KERAS = ("numpy", "numpy.random", "tensorflow", "keras")


class Zygote:
    """A warm interpreter in a sandbox, which forks workers on demand.

    Attributes:
        lost: whether it has ended, or does not answer; another one must then be started.

    Args:
        level: of isolation.
        preload: modules to import once; with TensorFlow among them, workers get more memory.

    Raises:
        isolation.NoSandbox: it does not start; the message says why.
    """

    def __init__(self, level: isolation.Level, *, preload: tuple[str, ...]):
        command = isolation.command(level)
        settings = {
            "preload": list(preload),
            "uid": isolation.NOBODY if os.getuid() == 0 else 0,
            "limits": _limits(keras="tensorflow" in preload),
            "seccomp": None,
            "landlock": level.landlock,
            "readable": isolation.readable(level),
            "seed": SEED,
        }
        if level.filtered:
            try:
                settings["seccomp"] = list(seccomp.program())
            except seccomp.Unavailable as error:
                raise isolation.NoSandbox(
                    f"Isolation {level.letter} needs libseccomp: {error}."
                ) from None
        self._control, inner = socket.socketpair()
        self._process = subprocess.Popen(  # noqa: S603 (our own command)
            command,
            stdin=inner.fileno(),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            # Nothing of this process's environment; without bubblewrap this is all there is.
            env=ENVIRONMENT,
            cwd="/",
            start_new_session=True,
        )
        inner.close()
        self.lost = False
        deadline = time.monotonic() + START_SECONDS
        try:
            wire.send(self._control, 0, *plain.dumps(settings), deadline=deadline)
            self._number(deadline)
        except GONE:
            raise isolation.NoSandbox(f"The sandbox does not start: {self._last_words()}") from None

    def fork(self) -> tuple[int, socket.socket]:
        """Return the id, inside the sandbox, of a new worker and the socket that it answers on.

        Raises:
            isolation.NoSandbox: the zygote or the new worker is gone.
        """
        ours, theirs = socket.socketpair()
        worker = 0
        try:
            with theirs:
                socket.send_fds(self._control, [zygote.COMMAND.pack(b"F", 0)], [theirs.fileno()])
            deadline = time.monotonic() + COMMAND_SECONDS
            worker = self._number(deadline)
            wire.receive(ours, deadline=deadline)
        except GONE:
            ours.close()
            status = self.end(worker) if worker else 0
            self.lost = True
            raise isolation.NoSandbox(
                f"A worker ended before it was ready (status {status}): the sandbox failed, not "
                "the submission."
            ) from None
        return worker, ours

    def end(self, worker: int) -> int:
        """Kill a worker and return the status with which it ended, see `os.waitpid`."""
        try:
            self._control.sendall(zygote.COMMAND.pack(b"E", worker))
            return self._number(time.monotonic() + COMMAND_SECONDS)
        except GONE:
            self.lost = True  # and with it all its workers: it is the first process they have
            self._process.kill()
            return signal.SIGKILL

    def close(self) -> None:
        """End the zygote and with it every worker."""
        self.lost = True
        self._control.close()
        self._process.kill()
        self._process.wait()
        if self._process.stderr:
            self._process.stderr.close()

    def _number(self, deadline: float) -> int:
        """Return the zygote's answer to a command."""
        answer = wire.receive_exactly(self._control, zygote.ANSWER.size, deadline)
        return zygote.ANSWER.unpack(answer)[0]

    def _last_words(self) -> str:
        self._control.close()
        self._process.kill()
        _, errors = self._process.communicate()
        lines = errors.decode("utf-8", "replace").strip().splitlines()
        return lines[-1] if lines else f"it ended with status {self._process.returncode}"


class Worker:
    """A forked process, started when it is needed, and forked anew after it was ended.

    Attributes:
        holds: the session whose file it has loaded; None if it has loaded none.

    Args:
        zygote_: gives the zygote that the next process comes from.
    """

    def __init__(self, zygote_: Callable[[], Zygote]):
        self.holds: WorkerSession | None = None
        self._zygote = zygote_
        self._home: Zygote | None = None
        self._process = 0
        self._connection: socket.socket | None = None
        self._number = 0

    def another(self) -> "Worker":
        """Return one of the same kind."""
        return Worker(self._zygote)

    def exchange(self, request: dict[str, Any], *, seconds: float) -> object:
        """Send a request; return what came back within so many seconds, anything plain.

        Raises:
            isolation.NoSandbox: there is no process, and none can be started.
            wire.DeadlinePassed: nothing came in time.
            wire.Closed: the process has ended.
            plain.Malformed: what came is no reply to this request.
        """
        if self._connection is None:
            self._home = self._zygote()
            self._process, self._connection = self._home.fork()
        self._number += 1
        deadline = time.monotonic() + seconds
        wire.send(self._connection, self._number, *plain.dumps(request), deadline=deadline)
        number, header, payload = wire.receive(self._connection, deadline=deadline)
        if number != self._number:
            raise plain.Malformed("a reply to no request")
        return plain.loads(header, payload)

    def end(self) -> int:
        """End the process, if there is one; return its wait status."""
        self.holds = None
        if self._connection is None or self._home is None:
            return 0
        self._connection.close()
        self._connection = None
        return self._home.end(self._process)


class WorkerSession:
    """A session with a worker, see `answer.proxy.Session`.

    The worker is ended when a call takes too long or anything else is wrong with it, so that an
    endless loop costs one check and not the submission.

    Args:
        name: of the exercise.
        source: the student's file; None for a clean host.
        imports: packages that the exercise allows.
        worker: that runs the file; sessions may share one, which holds one file at a time.
        seconds: wall time for a call.
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
        seconds: float,
        deadline: float = math.inf,
        stopped_calls: float = math.inf,
    ):
        self.name = name
        self._source = source
        self._imports = imports
        self._worker = worker
        self._seconds = seconds
        self._deadline = deadline
        self._calls_left = stopped_calls
        self._clean: WorkerSession | None = None
        self._unloadable: faults.NotLoaded | None = None

    def ask(self, request: dict[str, Any]) -> dict[str, Any]:
        """Return the worker's reply.

        Raises:
            faults.TimedOut: it did not come in time.
            faults.Crashed: the worker ended instead.
            faults.Tampering: what came is not a reply to this request.
            faults.NotLoaded: the file gives no function to call.
        """
        if self._unloadable is not None:  # it will not load the next time either
            raise self._unloadable
        if self._calls_left <= 0:
            raise faults.TimedOut(
                f"{self.name} was not tried again: several calls had to be stopped after "
                f"{self._seconds:g} s each."
            )
        if time.monotonic() > self._deadline:
            raise faults.TimedOut(
                f"{self.name} was not tried: the time for all answers together was used up."
            )
        if self._worker.holds is not self and self._source is not None:
            self._load(self._source)
        return self._exchange(request)

    def clean(self) -> "WorkerSession":
        """Return a session with a worker that has loaded no student file."""
        if self._clean is None:
            self._clean = WorkerSession(
                self.name,
                None,
                imports=(),
                worker=self._worker.another(),
                seconds=self._seconds,
                deadline=self._deadline,
            )
        return self._clean

    def end(self) -> None:
        """End the worker, and the clean one, where there are any."""
        if self._clean is not None:
            self._clean.end()
        self._worker.end()

    def _load(self, source: str) -> None:
        self._worker.holds = self  # from here on: what loads it asks through this session
        try:
            load(self, source, filename=f"{self.name}.py", imports=self._imports)
        except faults.NotLoaded as fault:
            self._unloadable = fault
            self._worker.end()
            raise

    def _exchange(self, request: dict[str, Any]) -> dict[str, Any]:
        try:
            reply = self._worker.exchange(request, seconds=self._seconds)
        except wire.DeadlinePassed:
            self._calls_left -= 1
            self._worker.end()
            raise faults.TimedOut(
                f"{self.name} was still running after {self._seconds:g} s and was stopped: is "
                "there a loop that never ends?"
            ) from None
        except wire.Closed:
            raise faults.Crashed(_how_it_ended(self.name, self._worker.end())) from None
        except (plain.Malformed, MemoryError, RecursionError) as error:
            self._worker.end()
            raise faults.Tampering(f"The answer's process sent {error}.") from None
        if type(reply) is not dict:
            self._worker.end()
            raise faults.Tampering("The answer's process sent a reply that no honest one sends.")
        fault = reply.get("fault")
        if type(fault) is dict and fault.get("error") == "MemoryError":
            self._worker.end()  # what filled it must not be in the way of the next answer
        return reply


def _limits(*, keras: bool) -> dict[str, int]:
    # Not RLIMIT_AS: TensorFlow reserves gigabytes of addresses that it never uses.
    return {
        "RLIMIT_DATA": 4 * GIB if keras else GIB,
        "RLIMIT_FSIZE": 0,
        "RLIMIT_CORE": 0,
        "RLIMIT_NOFILE": 256,
        "RLIMIT_NPROC": 1024,
    }


def _how_it_ended(name: str, status: int) -> str:
    if os.WIFSIGNALED(status) and os.WTERMSIG(status) != signal.SIGKILL:
        how = f"it crashed (signal {os.WTERMSIG(status)})"
    elif os.WIFEXITED(status):
        how = f"the code ended its process (status {os.WEXITSTATUS(status)})"
    else:
        how = "its process ended"
    return f"{name} gave no answer: {how}. Return a value instead."
