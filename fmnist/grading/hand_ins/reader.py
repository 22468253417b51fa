"""Hand-ins are read in a process of its own, with a clock and a bound on memory.

How long a library works on an archive or a notebook is for its author to choose. The clock counts
the processor's time, so that what a machine has to do besides costs nobody an answer.
"""

import math
import multiprocessing
import signal
import sys
import time
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess

from fmnist.answer import faults
from fmnist.exercises import catalog, sentences
from fmnist.exercises.catalog import Exercise
from fmnist.grading.hand_ins import submissions
from fmnist.grading.hand_ins.entries import Entry
from fmnist.grading.hand_ins.submissions import Submission
from fmnist.tools import executors, processes

SECONDS = 10  # of a processor, for a hand-in; the largest honest ones take less than one
WAIT_SECONDS = 180  # on the wall, for a disk that does not answer
MEMORY = 2 * 2**30  # bytes of addresses
CRASHES = ("SIGSEGV", "SIGABRT", "SIGBUS", "SIGILL", "SIGFPE")  # of a library, by what it reads
ATTEMPTS = 2  # to read what ended the process, or kept it waiting, for a reason that is not known


class Reader:
    """Reads hand-ins one by one; its process is started with the first.

    Args:
        exercises: that count.
        seconds: of a processor, for a hand-in.
    """

    def __init__(self, exercises: tuple[Exercise, ...], *, seconds: int = SECONDS):
        self._exercises = exercises
        self._seconds = seconds
        self._running: tuple[BaseProcess, Connection] | None = None

    def read(self, entry: Entry) -> Submission:
        """Return what a student handed in; what took too long to read is told there."""
        code = None
        for _ in range(ATTEMPTS):
            process, connection = self._running = self._running or self._started()
            found = _asked(connection, entry)
            if found is not None:
                return found
            process.join(timeout=1)
            code = process.exitcode
            self.close()
            if _is_signal(code, "SIGXCPU"):
                why = sentences.TOO_LONG.format(seconds=self._seconds)
                return submissions.unreadable(entry, self._exercises, faults.NotLoaded(why))
        fault: faults.NotLoaded = faults.NotRead(sentences.NOT_READ)
        if _is_signal(code, *CRASHES):
            fault = faults.NotLoaded(sentences.ENDS_THE_READER)
        return submissions.unreadable(entry, self._exercises, fault)

    def close(self) -> None:
        """End the process."""
        if self._running:
            process, connection = self._running
            connection.close()
            process.kill()
            process.join()
            self._running = None

    def _started(self) -> tuple[BaseProcess, Connection]:
        ours, theirs = multiprocessing.Pipe()
        # Not a fork: the caller has threads, see `executors`.
        process = multiprocessing.get_context("spawn").Process(
            target=_serve,
            args=(theirs, tuple(one.name for one in self._exercises), self._seconds),
            daemon=True,
        )
        with executors.safe_path():
            process.start()
        theirs.close()
        return process, ours


def _asked(connection: Connection, entry: Entry) -> Submission | None:
    """Return what the process says of a hand-in; None if it says nothing."""
    try:
        connection.send(entry)
        found: Submission | None = connection.recv() if connection.poll(WAIT_SECONDS) else None
    except (EOFError, OSError):
        return None
    return found


def _is_signal(code: int | None, *names: str) -> bool:
    return code in [-getattr(signal, name) for name in names if hasattr(signal, name)]


def _serve(connection: Connection, names: tuple[str, ...], seconds: int) -> None:
    """Read what comes, until nobody asks any more."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # for the caller to see to
    processes.end_with_caller()
    exercises = tuple(map(catalog.find, names))
    _limit_memory()
    while True:
        try:
            entry = connection.recv()
        except EOFError:
            return
        _wind_up(seconds)
        try:
            found = submissions.read(entry, exercises)
        except MemoryError:
            why = faults.NotLoaded(sentences.TOO_MUCH)
            found = submissions.unreadable(entry, exercises, why)
        connection.send(found)


def _limit_memory() -> None:
    if sys.platform == "linux":  # elsewhere nothing is held to it
        import resource

        _, most = resource.getrlimit(resource.RLIMIT_AS)
        bound = MEMORY if most == resource.RLIM_INFINITY else min(MEMORY, most)
        resource.setrlimit(resource.RLIMIT_AS, (bound, most))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _wind_up(seconds: int) -> None:
    """Have this process end after so many more seconds of a processor."""
    if sys.platform != "win32":
        import resource

        _, most = resource.getrlimit(resource.RLIMIT_CPU)
        end = math.ceil(time.process_time()) + seconds
        end = end if most == resource.RLIM_INFINITY else min(end, most)
        resource.setrlimit(resource.RLIMIT_CPU, (end, most))
