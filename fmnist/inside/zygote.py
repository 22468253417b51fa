"""Runs inside the sandbox: imports once what is slow, then forks a worker whenever it is told.

The zygote never runs a student's code and holds no secret. Its forks do run it; each gives up
what it does not need before it reads the first request. Only the folder that this module
stands in and the interpreter exist in the sandbox.

On the control socket (standard input) the grader first sends one frame, the settings, and gets a
number: how tasks are counted, see `confinement`. Then it sends commands of `COMMAND.size` bytes; an
answer is one signed integer:

    F 0     answers with the process id of a new worker, and the socket on which it serves attached
    K pid   ends that worker; no answer
    E pid   ends that worker; answers with its wait status
    Z 0     with a socket attached: forks a zygote like this one, which is controlled by it and
            begins with the same number; no answer

A worker is forked ahead of its command, and one that nobody asks about is ended, while the grader
is busy with something else.
"""

import contextlib
import gc
import os
import random
import signal
import socket
import struct
import sys
import tempfile

from fmnist.inside import codec, mapped_files, wire
from fmnist.inside.confinement import Confinement
from fmnist.inside.host import ALWAYS_ALLOWED, Host
from fmnist.inside.preload import preload_wholly

COMMAND = struct.Struct(">ci")
ANSWER = struct.Struct(">i")
# Numbers of a worker's first frame; the second says why it ends.
READY, NOT_READY = 0, 1


def main() -> None:
    """Serve the control socket until the grader closes it."""
    control = socket.socket(fileno=os.dup(0))
    _, header, payload = wire.receive(control)
    settings = codec.loads(header, payload)
    # TensorFlow wants the name of a temporary folder while it is imported. It never writes there,
    # and forks must share no folder: what one submission leaves, the next could read.
    tempfile.tempdir = "/tmp"  # noqa: S108 (a name only)
    # Once for all forks; and another user may not be able to read what root's Python consists of.
    preload_wholly([*sorted(ALWAYS_ALLOWED), *settings["preload"]])
    mapped_files.read_in()
    confinement = Confinement(settings)
    confinement.take_effect()
    gc.collect()
    gc.freeze()  # what the forks share stays shared
    _obey(control, _Forks(confinement, settings["seed"]))


def _obey(control: socket.socket, forks: "_Forks") -> None:
    """Carry out commands until nobody can send any."""
    control.sendall(ANSWER.pack(forks.counting))
    while True:
        message, descriptors, _, _ = socket.recv_fds(control, COMMAND.size, 1)
        if len(message) < COMMAND.size:
            return
        command, number = COMMAND.unpack(message)
        if command == b"F":
            forks.give(control)
        elif command == b"K":
            forks.end(number)
        elif command == b"E":
            control.sendall(ANSWER.pack(forks.end(number)))
        else:
            forks.double(socket.socket(fileno=descriptors[0]), control)


class _Forks:
    """The processes that a zygote has made.

    Args:
        confinement: of each worker.
        seed: of its random numbers.

    Attributes:
        counting: how tasks are counted.
    """

    def __init__(self, confinement: Confinement, seed: int):
        self.counting = confinement.counting
        self._confinement = confinement
        self._seed = seed
        self._spare: tuple[int, socket.socket] | None = None

    def give(self, control: socket.socket) -> None:
        """Hand a worker over, and make the next one."""
        worker, connection = self._spare or self._fork(control)
        with connection:
            socket.send_fds(control, [ANSWER.pack(worker)], [connection.fileno()])
        self._spare = self._fork(control)

    def end(self, worker: int) -> int:
        """End a worker, wait until it has, and return its wait status."""
        with contextlib.suppress(ProcessLookupError):
            os.kill(worker, signal.SIGKILL)
        try:
            return os.waitpid(worker, 0)[1]
        except ChildProcessError:
            return 0

    def double(self, its: socket.socket, control: socket.socket) -> None:
        """Fork a zygote that shares the memory of this one, and obeys another socket."""
        parent = os.getpid()
        if os.fork():
            its.close()
            return
        try:
            control.close()
            if self._spare:
                self._spare[1].close()
            self._confinement.end_with(parent)
            _obey(its, _Forks(self._confinement, self._seed))
        except Exception as error:
            print(f"A zygote ends: {type(error).__name__}: {error}", file=sys.stderr, flush=True)
        finally:
            os._exit(0)  # no clean-up of what the fork has copied

    def _fork(self, control: socket.socket) -> tuple[int, socket.socket]:
        """Return the process id of a new worker, and the socket on which it serves."""
        parent = os.getpid()
        theirs, ours = socket.socketpair()
        if hasattr(socket, "SO_PASSCRED"):  # who reads it is told of the process that writes
            theirs.setsockopt(socket.SOL_SOCKET, socket.SO_PASSCRED, 1)
        pid = os.fork()
        if pid:
            ours.close()
            return pid, theirs
        status = 1
        try:
            control.close()
            theirs.close()
            try:
                self._confinement.give_up(ours.fileno(), parent)
            except Exception as error:  # standard error is given up already
                wire.send(ours, NOT_READY, *codec.dumps(f"{type(error).__name__}: {error}"))
                raise
            _serve(ours, self._seed)
            status = 0
        finally:
            os._exit(status)


def _seed(seed: int) -> None:
    """Have every worker draw the same random numbers: the same answer gets the same mark."""
    random.seed(seed)
    if "keras" in sys.modules:
        sys.modules["keras"].utils.set_random_seed(seed)
    elif "numpy" in sys.modules:
        sys.modules["numpy"].random.seed(seed)


def _serve(connection: socket.socket, seed: int) -> None:
    # In the fork, since Python gives it other random numbers, and again for each file and model,
    # so that one exercise does not draw on another's.
    _seed(seed)
    host = Host(afresh=lambda: _seed(seed))
    wire.send(
        connection, READY, *codec.dumps("ready")
    )  # whatever ends from here on is the answer's
    while True:
        try:
            number, header, payload = wire.receive(connection)
        except wire.Closed:
            return
        wire.send(connection, number, *host.respond(header, payload))
