"""Runs inside the sandbox: imports once what is slow, then forks a worker whenever it is told.

The zygote never runs a student's code and holds no secret. Its forks do run it; each gives up
what it does not need before it reads the first request. Only the folder that this module
stands in and the interpreter exist in the sandbox.

On the control socket (standard input) the grader first sends one frame, the settings, and gets the
process id. Then it sends commands of `COMMAND.size` bytes; an answer is one signed integer:

    F 0     answers with the process id of a new worker, and the socket on which it serves attached
    K pid   ends that worker; no answer
    E pid   ends that worker; answers with its wait status
    Z 0     with a socket attached: forks a zygote like this one, which is controlled by it and
            begins with its process id; no answer

A worker is forked ahead of its command, and one that nobody asks about is ended, while the grader
is busy with something else.
"""

import contextlib
import ctypes
import ctypes.util
import gc
import os
import random
import resource
import signal
import socket
import struct
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from fmnist.inside import codec, wire
from fmnist.inside.host import ALWAYS_ALLOWED, Host
from fmnist.inside.preload import preload

COMMAND = struct.Struct(">ci")
ANSWER = struct.Struct(">i")
# Numbers of a worker's first frame; the second says why it ends.
READY, NOT_READY = 0, 1

PR_SET_PDEATHSIG = 1
PR_SET_DUMPABLE = 4
PR_SET_SECCOMP = 22
PR_SET_NO_NEW_PRIVS = 38
SECCOMP_MODE_FILTER = 2


def main() -> None:
    """Serve the control socket until the grader closes it."""
    control = socket.socket(fileno=os.dup(0))
    _, header, payload = wire.receive(control)
    settings = codec.loads(header, payload)
    # TensorFlow wants the name of a temporary folder while it is imported. It never writes there,
    # and forks must share no folder: what one submission leaves, the next could read.
    tempfile.tempdir = "/tmp"  # noqa: S108 (a name only)
    # Once for all forks; and another user may not be able to read what root's Python consists of.
    preload([*sorted(ALWAYS_ALLOWED), *settings["preload"]])
    if settings["landlock"]:
        _close_files(settings["readable"], required=settings["landlock"] == "required")
    _become_ordinary(settings["uid"])
    give_up = _prepared(settings)
    gc.collect()
    gc.freeze()  # what the forks share stays shared
    _obey(control, _Forks(give_up, settings["seed"]))


def _obey(control: socket.socket, forks: "_Forks") -> None:
    """Carry out commands until nobody can send any."""
    control.sendall(ANSWER.pack(os.getpid()))
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
        give_up: what a worker does first, see `_prepared`.
        seed: of its random numbers.
    """

    def __init__(self, give_up: Callable[[int, int], None], seed: int):
        self._give_up = give_up
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
            _end_with(parent, ctypes.CDLL(None))
            _obey(its, _Forks(self._give_up, self._seed))
        except Exception as error:
            print(f"A zygote ends: {type(error).__name__}: {error}", file=sys.stderr, flush=True)
        finally:
            os._exit(0)  # no clean-up of what the fork has copied

    def _fork(self, control: socket.socket) -> tuple[int, socket.socket]:
        """Return the process id of a new worker, and the socket on which it serves."""
        parent = os.getpid()
        theirs, ours = socket.socketpair()
        pid = os.fork()
        if pid:
            ours.close()
            return pid, theirs
        status = 1
        try:
            control.close()
            theirs.close()
            try:
                self._give_up(ours.fileno(), parent)
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


def _become_ordinary(uid: int) -> None:
    """Give up root, if that is what started us, and close this process to its forks."""
    if os.getuid() == 0 and uid:
        os.setgroups([])
        os.setresgid(uid, uid, uid)
        os.setresuid(uid, uid, uid)
    libc = ctypes.CDLL(None, use_errno=True)
    # Without this a fork could open the zygote's memory for writing through /proc.
    if hasattr(libc, "prctl"):
        libc.prctl(PR_SET_DUMPABLE, 0, 0, 0, 0)


def _close_files(readable: list[str], *, required: bool) -> None:
    """Have the kernel refuse this process and its forks all files but these, and all writing."""
    # py-landlock (seen in 0.1.1) looks for the C library with what ctypes has for it, which runs
    # compilers that a sandbox does not have. What it is given is the name that glibc has.
    ctypes.util.find_library = {"c": "libc.so.6"}.get  # type: ignore[assignment]
    import py_landlock
    from py_landlock import AccessFs

    wall = py_landlock.Landlock(strict=False)
    try:
        for place in readable:
            folder = AccessFs.READ_DIR if Path(place).is_dir() else AccessFs(0)
            wall.add_path_rule(place, access=AccessFs.READ_FILE | folder)
        wall.add_path_rule(os.devnull, access=AccessFs.READ_FILE | AccessFs.WRITE_FILE)
        wall.add_path_rule("/dev/urandom", access=AccessFs.READ_FILE)
        wall.apply()
    except py_landlock.LandlockError:
        if required:
            raise


def _end_with(parent: int, libc: ctypes.CDLL) -> None:
    """Have the kernel end this process when its parent ends."""
    if hasattr(libc, "prctl"):
        libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
        if os.getppid() != parent:  # it was quicker
            os._exit(1)


def _prepared(settings: dict[str, Any]) -> Callable[[int, int], None]:
    """Return what leaves a worker one socket, bounded memory and the system calls that it needs.

    All that can be got ready is got ready here: a fork copies each page that it touches.
    """
    libc = ctypes.CDLL(None, use_errno=True)
    null = os.open(os.devnull, os.O_RDWR)
    last = os.sysconf("SC_OPEN_MAX")
    limits = []
    for name, value in settings["limits"].items():
        kind = getattr(resource, name)
        _, hard = resource.getrlimit(kind)
        if hard != resource.RLIM_INFINITY:
            value = min(value, hard)
        limits.append((kind, (value, value)))
    install_filter = None
    if settings["seccomp"] is not None:
        install_filter = _filter_installer(libc, bytes(settings["seccomp"]))

    def give_up(descriptor: int, parent: int) -> None:
        _end_with(parent, libc)
        for standard in (0, 1, 2):
            os.dup2(null, standard)
        os.closerange(3, descriptor)
        os.closerange(descriptor + 1, last)
        for kind, bounds in limits:
            with contextlib.suppress(OSError, ValueError):  # some systems know a limit by name only
                resource.setrlimit(kind, bounds)
        if install_filter is not None:
            install_filter()

    return give_up


def _filter_installer(libc: ctypes.CDLL, program: bytes) -> Callable[[], None]:
    """Return what has the kernel check every system call of its process from then on."""

    class Program(ctypes.Structure):
        _fields_ = (("length", ctypes.c_ushort), ("instructions", ctypes.c_char_p))

    filter_ = Program(len(program) // 8, program)  # eight bytes an instruction
    pointer = ctypes.byref(filter_)

    def install() -> None:
        if (
            libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0
            or libc.prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, pointer, 0, 0) != 0
        ):
            raise OSError(ctypes.get_errno(), "the system call filter could not be installed")

    return install


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
