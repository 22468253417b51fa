"""Run the checks of exercises in a process that can be stopped, and that stays warm.

pytest, NumPy and TensorFlow are loaded in that process only, see `fmnist.exercises.runner`.
"""

import contextlib
import json
import os
import queue
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any, cast

from fmnist.answer.faults import Crashed, Fault, TimedOut
from fmnist.exercises import catalog, sentences
from fmnist.exercises.verdicts import Outcome, State, Verdict, unjudged

START_SECONDS = 60  # importing pytest, NumPy and, for some exercises, TensorFlow
CALLS = 5  # a check may take as long as so many calls


class Checker:
    """Runs checks in one process after the other; what a file did to it ends with it.

    Used as a context manager. The process starts with the first request, and again after a check
    that had to be stopped.
    """

    def __init__(self) -> None:
        self._process: subprocess.Popen[str] | None = None
        self._lines: queue.Queue[str | None] = queue.Queue()

    def __enter__(self) -> "Checker":
        return self

    def __exit__(self, *_: object) -> None:
        self._stop()

    def warm(self, *packages: str) -> None:
        """Have the process import packages before a request needs them."""
        self._ask({"import": packages})

    def check(
        self,
        exercise: catalog.Exercise,
        path: Path,
        *,
        hidden: bool = False,
        arrays: bool = False,
        first_fault: bool = False,
    ) -> Iterator[Verdict]:
        """Yield the verdict of each check on `path`, as it comes.

        A check that never ends is stopped and ends the run: its verdict is the last.

        Args:
            exercise: whose checks to run.
            path: the student's file; it runs with the rights of whoever calls this.
            hidden: whether to add the hidden checks.
            arrays: whether lists of numbers reach the answer as NumPy arrays.
            first_fault: whether the first check that does not pass is the last that runs.
        """
        # What an answer imports is loaded before the clock of the first check starts.
        request = {"exercise": exercise.name, "file": str(path), "import": exercise.imports}
        self._ask(request | {"hidden": hidden, "arrays": arrays, "first_fault": first_fault})
        started, limit, status, whole = "", START_SECONDS, "none", False
        fault: Fault
        try:
            while (line := self._lines.get(timeout=limit)) is not None:
                message = json.loads(line)
                if "status" in message:
                    status, whole = str(message["status"]), message["status"] == 0
                    break
                if "started" in message:
                    started, limit = message["started"], CALLS * exercise.seconds
                else:
                    started = ""
                    yield Verdict(**message)
        except queue.Empty:
            status = f"nothing for {limit} s"
            if started:
                fault = TimedOut(sentences.CHECK_STOPPED.format(check=started, seconds=limit))
                yield _ended(exercise, started, fault)
                return
        finally:
            if not whole:  # also when the caller has seen enough
                self._stop()
        if started:
            fault = Crashed(sentences.CHECK_ENDED.format(check=started))
            yield _ended(exercise, started, fault)
        elif not whole:  # before any check: nothing that an answer can cause
            message = sentences.CHECKS_NOT_RUN.format(status=status)
            yield unjudged(exercise.name, State.GRADER_ERROR, message)

    def _ask(self, request: dict[str, Any]) -> None:
        if self._process is None or self._process.poll() is not None:
            self._start()
        with contextlib.suppress(OSError):  # it has ended; the reader is told by its last line
            to_process = cast(IO[str], cast(subprocess.Popen, self._process).stdin)
            to_process.write(json.dumps(request) + "\n")
            to_process.flush()

    def _start(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "fmnist.exercises.runner"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            encoding="utf-8",
            env=os.environ | {"TF_CPP_MIN_LOG_LEVEL": "3", "PYTHONDONTWRITEBYTECODE": "1"},
        )
        self._lines = _lines(self._process)

    def _stop(self) -> None:
        if self._process is not None:
            self._process.kill()
            with self._process:
                self._process.wait()
            self._process = None


def check(exercise: catalog.Exercise, path: Path, *, hidden: bool = False) -> Iterator[Verdict]:
    """Yield the verdicts on one file from a process of its own, see `Checker.check`."""
    with Checker() as checker:
        yield from checker.check(exercise, path, hidden=hidden)


def _lines(process: subprocess.Popen) -> "queue.Queue[str | None]":
    """Return a queue of the whole lines that the process prints, with None after the last."""
    lines: queue.Queue[str | None] = queue.Queue()

    def read() -> None:
        with contextlib.suppress(ValueError):  # closed while it was read
            for line in cast(IO[str], process.stdout):
                if line.endswith("\n"):  # or the process was ended while it wrote
                    lines.put(line)
        lines.put(None)

    threading.Thread(target=read, daemon=True).start()
    return lines


def _ended(exercise: catalog.Exercise, check_: str, fault: Fault) -> Verdict:
    return Verdict(exercise.name, check_, False, Outcome.FAILED, fault.kind, str(fault))
