"""Runs inside the sandbox: imports once what is slow, then forks a worker whenever it is told.

The zygote never runs a student's code and holds no secret. Its forks do run it; each gives up
what it does not need before it reads the first request. Only this module, `fmnist.answer` and
the interpreter exist in the sandbox.

On the control socket (standard input) the grader first sends one frame, the settings. Then it
sends commands of `COMMAND.size` bytes, each answered by one signed integer:

    F 0     with a socket attached: fork a worker that answers on it; returns its process id
    E pid   end that worker; returns its wait status
"""

import contextlib
import ctypes
import gc
import importlib
import os
import random
import resource
import signal
import socket
import struct
import sys
import tempfile
from typing import Any

from fmnist.answer import plain, wire
from fmnist.answer.host import Host

COMMAND = struct.Struct(">ci")
ANSWER = struct.Struct(">i")

PR_SET_DUMPABLE = 4
PR_SET_SECCOMP = 22
PR_SET_NO_NEW_PRIVS = 38
SECCOMP_MODE_FILTER = 2


def main() -> None:
    """Serve the control socket until the grader closes it."""
    control = socket.socket(fileno=os.dup(0))
    _, header, payload = wire.receive(control)
    settings = plain.loads(header, payload)
    # TensorFlow wants the name of a temporary folder while it is imported. It never writes there,
    # and forks must share no folder: what one submission leaves, the next could read.
    tempfile.tempdir = "/tmp"  # noqa: S108 (a name only)
    # Keras imports it where it can, and it insists on a folder for its cache.
    sys.modules["matplotlib"] = None  # type: ignore[assignment]
    for name in settings["preload"]:
        importlib.import_module(name)
    _become_ordinary(settings["uid"])
    gc.collect()
    gc.freeze()  # what the forks share stays shared
    control.sendall(ANSWER.pack(os.getpid()))
    while True:
        message, descriptors, _, _ = socket.recv_fds(control, COMMAND.size, 1)
        if len(message) < COMMAND.size:
            return
        command, number = COMMAND.unpack(message)
        if command == b"F":
            control.sendall(ANSWER.pack(_fork(descriptors[0], control, settings)))
        else:
            control.sendall(ANSWER.pack(_end(number)))


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


def _fork(descriptor: int, control: socket.socket, settings: dict[str, Any]) -> int:
    pid = os.fork()
    if pid:
        os.close(descriptor)
        return pid
    status = 1
    try:
        control.close()
        _give_up(descriptor, settings)
        _seed(settings["seed"])  # here, since Python gives a fork other random numbers
        _serve(socket.socket(fileno=descriptor))
        status = 0
    finally:
        os._exit(status)  # no clean-up of the zygote's that the fork has copied


def _give_up(descriptor: int, settings: dict[str, Any]) -> None:
    """Leave the worker one socket, bounded memory, and no system call that it does not need."""
    null = os.open(os.devnull, os.O_RDWR)
    for standard in (0, 1, 2):
        os.dup2(null, standard)
    os.closerange(3, descriptor)
    os.closerange(descriptor + 1, os.sysconf("SC_OPEN_MAX"))
    for name, value in settings["limits"].items():
        kind = getattr(resource, name)
        _, hard = resource.getrlimit(kind)
        if hard != resource.RLIM_INFINITY:
            value = min(value, hard)
        with contextlib.suppress(OSError, ValueError):  # some systems know a limit only by name
            resource.setrlimit(kind, (value, value))
    if settings["seccomp"] is not None:
        _install_filter(bytes(settings["seccomp"]))


def _install_filter(program: bytes) -> None:
    """Have the kernel check every system call of this process from now on."""

    class Program(ctypes.Structure):
        _fields_ = (("length", ctypes.c_ushort), ("instructions", ctypes.c_char_p))

    libc = ctypes.CDLL(None, use_errno=True)
    filter_ = Program(len(program) // 8, program)  # eight bytes an instruction
    if (
        libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0
        or libc.prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, ctypes.byref(filter_), 0, 0) != 0
    ):
        raise OSError(ctypes.get_errno(), "the system call filter could not be installed")


def _serve(connection: socket.socket) -> None:
    host = Host()
    wire.send(connection, 0, *plain.dumps("ready"))  # whatever ends from here on is the answer's
    while True:
        try:
            number, header, payload = wire.receive(connection)
        except wire.Closed:
            return
        wire.send(connection, number, *host.respond(header, payload))


def _end(pid: int) -> int:
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)
    try:
        return os.waitpid(pid, 0)[1]
    except ChildProcessError:
        return 0
