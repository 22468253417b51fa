"""The grader's end of the zygotes: what starts them, and has them fork workers."""

import os
import signal
import socket
import subprocess
import time
from typing import Any

from fmnist.grading.sandbox import cgroups, isolation, seccomp
from fmnist.grading.sandbox.cgroups import Group
from fmnist.inside import codec, wire, zygote

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
# What zygotes import, for exercises without and with Keras.
PLAIN = ("numpy", "numpy.random")
KERAS = (*PLAIN, "tensorflow", "keras")


class Zygote:
    """A warm interpreter in a sandbox, which forks workers on demand.

    Attributes:
        control: the socket that it obeys.
        lost: whether it has ended, or does not answer; another one must then be started.

    Args:
        control: as above; it must be about to say its process id.
        process: that it runs in, if this process has started it.
        group: that bounds it and its workers.

    Raises:
        wire.Closed, wire.DeadlinePassed: it does not start.
    """

    def __init__(
        self,
        control: socket.socket,
        process: subprocess.Popen | None = None,
        group: Group = Group(),  # noqa: B008 (it cannot be changed)
    ):
        self.control = control
        self.lost = False
        self._process = process
        self._group = group
        self._number(time.monotonic() + START_SECONDS)

    @classmethod
    def start(cls, level: isolation.Level, *, preload: tuple[str, ...]) -> "Zygote":
        """Start one in a sandbox of its own.

        Args:
            level: of isolation.
            preload: modules to import once; with TensorFlow among them, workers get more memory.

        Raises:
            isolation.NoSandbox: it does not start; the message says why.
        """
        command, settings = isolation.command(level), _settings(level, preload)
        group = cgroups.make()
        control, inner = socket.socketpair()
        with inner:
            process = subprocess.Popen(  # noqa: S603 (our own command)
                group.entered_by(command),
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
            return cls(control, process, group)
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
            return cls(ours)
        except GONE:
            ours.close()
            raise isolation.NoSandbox("The zygote that all graders share is gone.") from None

    def fork(self) -> tuple[int, socket.socket]:
        """Return the id, inside the sandbox, of a new worker and the socket that it answers on.

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
            number, header, payload = wire.receive(connection, deadline=deadline)
            if number != zygote.READY:
                why = f", {codec.loads(header, payload)}"
                raise wire.Closed
        except GONE:
            if connection is not None:
                connection.close()
            status = self.end(worker, wait=True) if worker else 0
            self.lost = True
            raise isolation.NoSandbox(
                f"A worker ended before it was ready (status {status}{why}): the sandbox failed, "
                "not the submission."
            ) from None
        return worker, connection

    def end(self, worker: int, *, wait: bool) -> int:
        """Kill a worker; return its status, see `os.waitpid`, or 0 if this does not wait for it."""
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
        self._group.remove()

    def _give_up(self) -> None:
        self.lost = True  # and with it all its workers: it is the first process they have
        if self._process is not None:
            self._process.kill()

    def _number(self, deadline: float) -> int:
        """Return the zygote's answer to a command."""
        answer = wire.receive_exactly(self.control, zygote.ANSWER.size, deadline)
        return zygote.ANSWER.unpack(answer)[0]


def _settings(level: isolation.Level, preload: tuple[str, ...]) -> dict[str, Any]:
    settings = {
        "preload": list(preload),
        "uid": isolation.NOBODY if os.getuid() == 0 else 0,
        # Not RLIMIT_AS: TensorFlow reserves gigabytes of addresses that it never uses.
        "limits": {
            "RLIMIT_DATA": 4 * GIB if "tensorflow" in preload else GIB,
            "RLIMIT_FSIZE": 0,
            "RLIMIT_CORE": 0,
            "RLIMIT_NOFILE": 256,
            "RLIMIT_NPROC": 1024,
        },
        "seccomp": None,
        "landlock": level.landlock,
        "readable": isolation.readable(level),
        "seed": SEED,
    }
    if level.filtered:
        try:
            settings["seccomp"] = list(seccomp.program())
        except (ImportError, RuntimeError, OSError) as error:
            raise isolation.NoSandbox(
                f"Isolation {level.letter} needs libseccomp: libseccomp cannot be used: {error}."
            ) from None
    return settings


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
