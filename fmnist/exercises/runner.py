"""Run the checks of exercises in a process that the caller can stop, and that stays warm.

The process, ``python -m fmnist.exercises.runner``, reads requests as lines of JSON: {"exercise":
name, "file": path, "hidden": bool, "arrays": bool}, or {"import": [package, ...]} to be ready
sooner. For each check it writes {"started": check} and the verdict, and {"status": number} at the
end of each request. `Checker` is at the other end.
"""

import contextlib
import dataclasses
import importlib
import json
import os
import queue
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any, cast

import pytest

from fmnist.answer.arrays import AnswerToArrays
from fmnist.answer.faults import Crashed, Fault, TimedOut
from fmnist.exercises import catalog, plugin
from fmnist.exercises.verdicts import Recorder, Verdict, arguments

START_SECONDS = 60  # importing pytest, NumPy and, for some exercises, TensorFlow
CALLS = 5  # a check may take as long as so many calls


class Reporter(Recorder):
    """Writes what the recorder records, as it happens."""

    def __init__(self, stream: IO[str]):
        super().__init__()
        self._stream = stream

    def pytest_runtest_logstart(self, nodeid: str) -> None:
        """Name the check that is about to run, in case it never ends."""
        _write(self._stream, {"started": nodeid.rpartition("::")[2]})

    def pytest_runtest_logfinish(self) -> None:
        """Write the verdict."""
        _write(self._stream, dataclasses.asdict(self.verdicts[-1]))


class Chosen:
    """Has the checks judge one given file.

    Args:
        path: of the answer.
        arrays: whether lists reach it as NumPy arrays.
    """

    def __init__(self, path: Path, *, arrays: bool):
        self._path = path
        self._arrays = arrays

    def pytest_configure(self, config: pytest.Config) -> None:
        """Let the fixture `answer` load it."""

        def provide(exercise: catalog.Exercise, _: Path):
            answer = plugin.answer_in_this_process(exercise, self._path)
            return AnswerToArrays(answer) if self._arrays else answer

        config.stash[plugin.PROVIDER] = provide


def main() -> None:
    """Carry out requests until there is no further one."""
    # What the student's code prints must not look like a report, nor its input() take a request.
    requests = os.fdopen(os.dup(0), encoding="utf-8")
    stream = os.fdopen(os.dup(1), "w", encoding="utf-8")
    null = os.open(os.devnull, os.O_RDWR)
    for descriptor in (0, 1, 2):
        os.dup2(null, descriptor)
    for line in requests:
        request = json.loads(line)
        for package in request.get("import", ()):
            with contextlib.suppress(ImportError):  # the answer will say so, if it needs it
                importlib.import_module(package)
        if "exercise" in request:
            _write(stream, {"status": _run(request, stream)})


def _run(request: dict[str, Any], stream: IO[str]) -> int:
    """Run the checks of one request; return 0 if they could be run."""
    exercise, path = catalog.find(request["exercise"]), Path(request["file"])
    files = [exercise.public_checks] + [exercise.hidden_checks] * request["hidden"]
    _forget(files)
    chosen = Chosen(path, arrays=request["arrays"])
    status = pytest.main(arguments(files), plugins=[Reporter(stream), chosen])
    return 0 if status in (pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED) else int(status)


def _forget(files: list[Path]) -> None:
    """Have files of checks read again: they may have changed since the last request."""
    places = {str(file) for file in files}
    for name, module in list(sys.modules.items()):
        if getattr(module, "__file__", None) in places:
            del sys.modules[name]


def _write(stream: IO[str], message: dict[str, Any]) -> None:
    stream.write(json.dumps(message) + "\n")
    stream.flush()


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
        self, exercise: catalog.Exercise, path: Path, *, hidden: bool = False, arrays: bool = False
    ) -> Iterator[Verdict]:
        """Yield the verdict of each check on `path`, as it comes.

        A check that never ends is stopped and ends the run: its verdict is the last.

        Args:
            exercise: whose checks to run.
            path: the student's file; it runs with the rights of whoever calls this.
            hidden: whether to add the hidden checks.
            arrays: whether lists of numbers reach the answer as NumPy arrays.
        """
        request = {"exercise": exercise.name, "file": str(path)}
        self._ask(request | {"hidden": hidden, "arrays": arrays})
        started, limit, status, whole = "", START_SECONDS, None, False
        fault: Fault
        try:
            while (line := self._lines.get(timeout=limit)) is not None:
                message = json.loads(line)
                if "status" in message:
                    status = message["status"]
                    break
                if "started" in message:
                    started, limit = message["started"], max(CALLS * exercise.seconds, 1)
                else:
                    started = ""
                    yield Verdict(**message)
            whole = status == 0
        except queue.Empty:
            fault = TimedOut(
                f"{started} was stopped after {limit} s: is there a loop that never ends?"
            )
            yield _ended(exercise, started, fault)
            return
        finally:
            if not whole:  # also when the caller has seen enough
                self._stop()
        if started:
            fault = Crashed(f"The process ended during {started}: does the code call exit?")
            yield _ended(exercise, started, fault)
        elif not whole:  # before any check: nothing that an answer can cause
            message = "The checks could not be run"
            message += f" (status {status or 'none'}); that is not your fault."
            yield Verdict(exercise.name, "", False, "error", "grader error", message)

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
    """Return a queue of the lines that the process prints, with None after the last."""
    lines: queue.Queue[str | None] = queue.Queue()

    def read() -> None:
        with contextlib.suppress(ValueError):  # closed while it was read
            for line in cast(IO[str], process.stdout):
                lines.put(line)
        lines.put(None)

    threading.Thread(target=read, daemon=True).start()
    return lines


def _ended(exercise: catalog.Exercise, check_: str, fault: Fault) -> Verdict:
    return Verdict(exercise.name, check_, False, "failed", fault.kind, str(fault))


if __name__ == "__main__":
    main()
