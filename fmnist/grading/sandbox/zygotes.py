"""The grader's end of the zygotes: what starts them, and has them fork workers."""

import contextlib
import os
import signal
import socket
import struct
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from fmnist.grading.sandbox import cgroups, isolation, seccomp
from fmnist.grading.sandbox.cgroups import Group
from fmnist.inside import codec, confinement, wire, zygote

START_SECONDS = 120  # a cold import of TensorFlow on a busy machine
COMMAND_SECONDS = 20
SEED = 0
MIB, GIB = 2**20, 2**30
STACK = 8 * MIB
WORKER = 5 * GIB  # with what the kernel holds for it
# TensorFlow starts some threads for every core, and each has a stack.
TASKS = 64 + 8 * (os.cpu_count() or 1)
WANTED = TASKS // 2  # more than it was ever seen to start
ALLOWANCE = 1024  # beside what a user has, where tasks of one worker cannot be counted apart
# Users of nobody else: between those of containers and the last, or where a container of one's own
# has no more, those that systemd gives to services for a while.
USERS = ((0x70000000, 0x0F000000), (61184, 4336))
USER_MAP = Path("/proc/self/uid_map")
CREDENTIALS = struct.Struct("3i")  # process, user and group of who has sent something
COUNTED = {
    confinement.BY_USER: "a user of its own for each worker",
    confinement.BY_NAMESPACE: "a user namespace for each worker",
    confinement.BY_ALLOWANCE: "an allowance for all workers of a user",
}
# The C library takes the size of a thread's stack from this limit when a program starts.
BOUNDED = ("/bin/sh", "-c", f'ulimit -Ss {STACK // 1024} 2>/dev/null; exec "$@"', "sh")
GONE = (OSError, wire.Closed, wire.DeadlinePassed)  # all that a lost zygote can look like
ENVIRONMENT = {
    "PATH": os.defpath,
    "HOME": "/",
    "LANG": "C.UTF-8",
    "PYTHONHASHSEED": "0",
    "KERAS_BACKEND": "tensorflow",
    "TF_CPP_MIN_LOG_LEVEL": "3",
    "CUDA_VISIBLE_DEVICES": "-1",
    "MALLOC_ARENA_MAX": "8",  # each reserves addresses, which are bounded
}
# What zygotes import, for exercises without and with Keras.
PLAIN = ("numpy", "numpy.random")
KERAS = (*PLAIN, "tensorflow", "keras")


class Fork(NamedTuple):
    """A new worker.

    Attributes:
        number: its process id inside the sandbox, by which its zygote knows it.
        connection: on which it answers.
        process: its id on this machine; 0 where the kernel does not say.
    """

    number: int
    connection: socket.socket
    process: int


class Zygote:
    """A warm interpreter in a sandbox, which forks workers on demand.

    Attributes:
        control: the socket that it obeys.
        tasks: how many a worker may have, or all workers of this user together.
        bounds: in words, by what workers are bounded apart from others.
        lost: whether it has ended, or does not answer; another one must then be started.

    Args:
        control: as above; it must be about to say how tasks are counted.
        process: that it runs in, if this process has started it.
        group: that bounds it and its workers, if there are groups.
        apart: whether each worker has a group of its own, if there are groups.

    Raises:
        wire.Closed, wire.DeadlinePassed: it does not start.
    """

    def __init__(
        self,
        control: socket.socket,
        process: subprocess.Popen | None = None,
        group: Group = Group(),  # noqa: B008 (it cannot be changed)
        *,
        apart: bool = False,
    ):
        self.control = control
        self.lost = False
        self._process = process
        self._group = group
        self._apart = apart
        self._free: list[Group] = []  # those of workers that have ended
        self._of: dict[int, Group] = {}
        counting = self._number(time.monotonic() + START_SECONDS)
        shared = counting == confinement.BY_ALLOWANCE
        self.tasks = _tasks_of(os.getuid()) + ALLOWANCE if shared else TASKS
        self.bounds = COUNTED[counting] + (", control groups" if group.folders else "")

    @classmethod
    def start(
        cls, level: isolation.Level, *, preload: tuple[str, ...], threads: bool | None = None
    ) -> "Zygote":
        """Start one in a sandbox of its own.

        Args:
            level: of isolation.
            preload: modules to import once.
            threads: whether workers may start threads, and have more memory; by default those
                with TensorFlow may.

        Raises:
            isolation.NoSandbox: it does not start; the message says why.
        """
        options, end = os.pipe()
        with os.fdopen(options, "rb"), os.fdopen(end, "wb") as file, _processes() as processes:
            command = isolation.command(level, options_at=options)
            if threads is None:
                threads = "tensorflow" in preload
            settings = _settings(level, preload, threads=threads) | {"processes": processes}
            file.write(isolation.options(level))
            file.close()
            return cls._start(command, settings, (options, processes), apart=threads)

    @classmethod
    def _start(
        cls, command: list[str], settings: dict[str, Any], passed: tuple[int, ...], *, apart: bool
    ) -> "Zygote":
        group = cgroups.make()
        control, inner = socket.socketpair()
        with inner:
            process = subprocess.Popen(  # noqa: S603 (our own command)
                [*BOUNDED, *group.entered_by(command)],
                pass_fds=passed,
                stdin=inner.fileno(),
                stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE,
                # Nothing of this process's environment; without bubblewrap this is all there is.
                env=ENVIRONMENT,
                cwd="/",
                start_new_session=True,
            )
        try:
            wire.send(control, 0, *codec.dumps(settings), deadline=time.monotonic() + START_SECONDS)
            return cls(control, process, group, apart=apart)
        except GONE:
            control.close()
            reason = _last_words(process)
            group.remove()
            raise isolation.NoSandbox(f"The sandbox does not start: {reason}") from None

    @classmethod
    def like(cls, mother: socket.socket) -> "Zygote":
        """Return one that shares the sandbox and the memory of another.

        Args:
            mother: the socket that the other one obeys; several processes may have it.

        Raises:
            isolation.NoSandbox: the other one is gone.
        """
        ours, theirs = socket.socketpair()
        try:
            with theirs:
                socket.send_fds(mother, [zygote.COMMAND.pack(b"Z", 0)], [theirs.fileno()])
            return cls(ours, apart=True)
        except GONE:
            ours.close()
            raise isolation.NoSandbox("The zygote that all graders share is gone.") from None

    def fork(self) -> Fork:
        """Return a new worker.

        Raises:
            isolation.NoSandbox: the zygote or the new worker is gone.
        """
        connection, worker, why = None, 0, ""
        deadline = time.monotonic() + COMMAND_SECONDS
        try:
            self.control.sendall(zygote.COMMAND.pack(b"F", 0))
            self.control.settimeout(COMMAND_SECONDS)
            said, descriptors, _, _ = socket.recv_fds(self.control, zygote.ANSWER.size, 1)
            if len(said) < zygote.ANSWER.size or not descriptors:
                raise wire.Closed
            (worker,), connection = zygote.ANSWER.unpack(said), socket.socket(fileno=descriptors[0])
            process = _writer(connection, deadline)
            number, header, payload = wire.receive(connection, deadline=deadline)
            if number != zygote.READY:
                why = f", {codec.loads(header, payload)}"
                raise wire.Closed
            if self._apart and process:
                self._take(worker, process)
        except GONE:
            if connection is not None:
                connection.close()
            status = self.end(worker, wait=True) if worker else 0
            self.lost = True
            raise isolation.NoSandbox(
                f"A worker ended before it was ready (status {status}{why}): the sandbox failed, "
                "not the submission."
            ) from None
        return Fork(worker, connection, process)

    def end(self, worker: int, *, wait: bool) -> int:
        """Kill a worker; return its status, see `os.waitpid`, or 0 if this does not wait for it."""
        if worker in self._of:
            self._free.append(self._of.pop(worker))
        try:
            self.control.sendall(zygote.COMMAND.pack(b"E" if wait else b"K", worker))
            return self._number(time.monotonic() + COMMAND_SECONDS) if wait else 0
        except GONE:
            self._give_up()
            return signal.SIGKILL

    def close(self) -> None:
        """End the zygote and with it every worker."""
        self._give_up()
        self.control.close()  # one that this process has not started ends by that
        if self._process is not None:
            self._process.wait()
            if self._process.stderr:
                self._process.stderr.close()
        for group in (*self._free, *self._of.values(), self._group):
            group.remove()

    def _take(self, worker: int, process: int) -> None:
        """Give a worker a group of its own, which another one may have had before."""
        group = self._free.pop() if self._free else cgroups.make(memory=WORKER, tasks=TASKS)
        self._of[worker] = group
        group.take(process)

    def _give_up(self) -> None:
        self.lost = True  # and with it all its workers: it is the first process they have
        if self._process is not None:
            self._process.kill()

    def _number(self, deadline: float) -> int:
        """Return the zygote's answer to a command."""
        answer = wire.receive_exactly(self.control, zygote.ANSWER.size, deadline)
        return zygote.ANSWER.unpack(answer)[0]


@contextlib.contextmanager
def _processes() -> Iterator[int]:
    """Yield a descriptor of what tells of processes; of nothing where nobody does."""
    folder = Path("/proc")
    descriptor = os.open(folder if folder.is_dir() else os.devnull, os.O_RDONLY)
    try:
        yield descriptor
    finally:
        os.close(descriptor)


def _writer(connection: socket.socket, deadline: float) -> int:
    """Return the process that has written what can be read next; 0 where nobody says."""
    if not hasattr(socket, "SO_PASSCRED"):
        return 0
    connection.settimeout(max(0.01, deadline - time.monotonic()))
    space = socket.CMSG_SPACE(CREDENTIALS.size)
    _, told, _, _ = connection.recvmsg(1, space, socket.MSG_PEEK)
    for level, kind, content in told:
        if (level, kind) == (socket.SOL_SOCKET, socket.SCM_CREDENTIALS):
            return CREDENTIALS.unpack(content)[0]
    return 0


def _settings(level: isolation.Level, preload: tuple[str, ...], *, threads: bool) -> dict[str, Any]:
    memory = 4 * GIB if threads else GIB
    settings = {
        "preload": list(preload),
        "users": _users() if os.getuid() == 0 else None,
        "threads": threads,
        # TensorFlow reserves addresses that it never uses, for arenas and stacks.
        "addresses": memory + (2 * GIB + TASKS * STACK if threads else 64 * MIB),
        "tasks": TASKS,
        "tasks_of_all": _tasks_of(os.getuid()) + ALLOWANCE,
        "limits": {
            "RLIMIT_DATA": memory,
            "RLIMIT_STACK": STACK,
            "RLIMIT_FSIZE": 0,
            "RLIMIT_CORE": 0,
            "RLIMIT_NOFILE": 256,
        },
        "seccomp": None,
        "landlock": level.landlock,
        "readable": isolation.readable(level),
        "seed": SEED,
    }
    if level.filtered:
        try:
            settings["seccomp"] = list(seccomp.program(threads=threads))
        except (ImportError, RuntimeError, OSError) as error:
            raise isolation.NoSandbox(
                f"Isolation {level.letter} needs libseccomp: libseccomp cannot be used: {error}."
            ) from None
    return settings


def _users() -> list[int]:
    """Return the first of those users that this machine knows, and how many there are."""
    try:
        lines = [tuple(map(int, line.split())) for line in USER_MAP.read_text("ascii").splitlines()]
    except OSError:
        return list(USERS[0])
    for first, count in USERS:
        if any(start <= first and first + count <= start + length for start, _, length in lines):
            return [first, count]
    return [isolation.NOBODY, 1]


def _tasks_of(user: int) -> int:
    """Return how many threads the processes of a user have; 0 where nobody says."""
    tasks = 0
    for status in Path("/proc").glob("[0-9]*/status"):
        with contextlib.suppress(OSError):
            told = dict(line.split(":", 1) for line in status.read_text("utf-8").splitlines())
            if int(told["Uid"].split()[0]) == user:
                tasks += int(told["Threads"])
    return tasks


def _last_words(process: subprocess.Popen) -> str:
    process.kill()
    _, errors = process.communicate()
    lines = errors.decode("utf-8", "replace").strip().splitlines()
    return lines[-1] if lines else f"it ended with status {process.returncode}"


class Zygotes:
    """The zygotes of a grader, started when the first exercise needs them.

    Args:
        level: of isolation.
        mother: obeyed by a zygote with TensorFlow that several graders share, if there is one.
    """

    def __init__(self, level: isolation.Level, mother: socket.socket | None = None):
        self._level = level
        self._mother = mother
        self._started: dict[tuple[str, ...], Zygote] = {}

    def close(self) -> None:
        """End all that were started."""
        for started in self._started.values():
            started.close()

    def having(self, preload: tuple[str, ...]) -> Zygote:
        """Return the zygote that has imported these modules.

        Raises:
            isolation.NoSandbox: it does not start.
        """
        if preload in self._started and self._started[preload].lost:
            self._started.pop(preload).close()
        if preload not in self._started:
            self._started[preload] = self._start(preload)
        return self._started[preload]

    def _start(self, preload: tuple[str, ...]) -> Zygote:
        if preload == KERAS and self._mother is not None:
            try:
                return Zygote.like(self._mother)
            except isolation.NoSandbox:
                self._mother = None  # from now on everybody has their own
        return Zygote.start(self._level, preload=preload)
