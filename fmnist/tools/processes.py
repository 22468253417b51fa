"""Processes of this package, asked and answering in lines of JSON; none outlives its caller."""

import contextlib
import json
import os
import queue
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from typing import IO, Any, cast

SCRATCH = "FMNIST_SCRATCH"  # in the environment: a folder of temporary files, of those it is for
LOOK_SECONDS = 1.0  # how often a process sees whether its caller lives

# Of one process, or of several: which of them, and a whole line, or None after its last.
Answers = queue.SimpleQueue[tuple["LineProcess", str | None]]


class LineProcess:
    """A process that reads requests and writes answers; whoever starts it ends it.

    Args:
        arguments: of Python, such as "-m" and the name of a module.
        environment: what it finds besides the environment of this process.
        answers: where its answers go; `answer` takes them out.
        overheard: whether what it writes to standard error is for `words`, and not passed on.
    """

    def __init__(
        self,
        *arguments: str,
        environment: dict[str, str],
        answers: Answers,
        overheard: bool = False,
    ) -> None:
        self._said = tempfile.TemporaryFile() if overheard else None  # noqa: SIM115 (see `end`)
        self._process = subprocess.Popen(  # noqa: S603 (our own programs)
            # -P: no file of the current folder stands in for a module.
            [sys.executable, "-P", *arguments],
            env=os.environ | environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._said,
            text=True,
            encoding="utf-8",
        )
        self.pid = self._process.pid
        threading.Thread(target=self._read, args=(answers,), daemon=True).start()

    def _read(self, answers: Answers) -> None:
        with contextlib.suppress(ValueError):  # closed while it was read
            for line in cast(IO[str], self._process.stdout):
                if line.endswith("\n"):  # or the process was ended while it wrote
                    answers.put((self, line))
        answers.put((self, None))

    def ask(self, request: dict[str, Any]) -> None:
        """Send a request; of a process that has ended, `answer` will say so."""
        to_process = cast(IO[str], self._process.stdin)
        with contextlib.suppress(OSError):
            to_process.write(json.dumps(request) + "\n")
            to_process.flush()

    def has_ended(self) -> bool:
        """Return whether the process is gone."""
        return self._process.poll() is not None

    def words(self) -> str:
        """Return what it has written to standard error, such as a traceback."""
        said = cast(IO[bytes], self._said)
        said.seek(0)
        return said.read().decode("utf-8", "replace")

    def end(self) -> None:
        """End the process, whatever it does."""
        # An OSError is of what was written for a process that was gone.
        with contextlib.suppress(OSError), self._process:  # waits, and closes its pipes
            self._process.kill()
        if self._said:
            self._said.close()

    def status(self) -> int:
        """Wait for the end of the process and return its exit status."""
        return self._process.wait()


def end_with_caller(scratch: str = "") -> None:
    """Have this process end when its caller does, even by a signal that nobody can catch.

    So do its forks, when it ends. Windows does not tell of it.

    Args:
        scratch: folder of temporary files, which is removed then; empty if there is none.
    """

    def begin() -> None:
        threading.Thread(target=_watch, args=(os.getppid(), scratch), daemon=True).start()

    begin()
    if hasattr(os, "register_at_fork"):
        os.register_at_fork(after_in_child=begin)  # threads are not in a fork


def _watch(caller: int, scratch: str) -> None:
    while os.getppid() == caller:
        time.sleep(LOOK_SECONDS)
    if scratch:
        shutil.rmtree(scratch, ignore_errors=True)
    os._exit(1)


def answer(
    answers: Answers, seconds: float | None = None
) -> tuple[LineProcess, dict[str, Any] | None]:
    """Return the next answer, and which process gave it; None if that one has ended.

    Args:
        answers: of the processes.
        seconds: to wait for it; by default for ever.

    Raises:
        TimeoutError: none came in this time.
        ValueError: what came is no JSON.
    """
    try:
        process, line = answers.get(timeout=seconds)
    except queue.Empty:
        raise TimeoutError from None
    return process, None if line is None else json.loads(line)
