"""Run the checks of one exercise on one file, in a process that the caller can stop.

``python -m fmnist.exercises.runner NAME FILE [--hidden]`` prints one JSON object a line:
{"started": check} and then the check's verdict. `check` is the caller.
"""

import dataclasses
import json
import os
import queue
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import IO, cast

import pytest

from fmnist.answer.faults import Crashed, Fault, TimedOut
from fmnist.exercises import catalog, plugin
from fmnist.exercises.verdicts import Recorder, Verdict, arguments

START_SECONDS = 60  # importing pytest, NumPy and, for some exercises, TensorFlow
CALLS = 5  # a check may take as long as so many calls


class Reporter(Recorder):
    """Writes what the recorder records, as it happens."""

    def __init__(self, stream):
        super().__init__()
        self._stream = stream

    def pytest_runtest_logstart(self, nodeid: str):
        """Name the check that is about to run, in case it never ends."""
        self._write({"started": nodeid.rpartition("::")[2]})

    def pytest_runtest_logfinish(self):
        """Write the verdict."""
        self._write(dataclasses.asdict(self.verdicts[-1]))

    def _write(self, message: dict):
        self._stream.write(json.dumps(message) + "\n")
        self._stream.flush()


class Chosen:
    """Has the checks judge one given file."""

    def __init__(self, path: Path):
        self._path = path

    def pytest_configure(self, config: pytest.Config):
        """Let the fixture `answer` load it."""
        config.stash[plugin.PROVIDER] = lambda exercise, _: plugin.answer_in_this_process(
            exercise, self._path
        )


def main() -> None:
    """Run the checks that the command line names."""
    exercise, path = catalog.find(sys.argv[1]), Path(sys.argv[2])
    files = [exercise.public_checks]
    if "--hidden" in sys.argv:
        files.append(exercise.hidden_checks)
    # What the student's code prints must not look like a report.
    stream = os.fdopen(os.dup(1), "w", encoding="utf-8")
    null = os.open(os.devnull, os.O_WRONLY)
    os.dup2(null, 1)
    os.dup2(null, 2)
    status = pytest.main(arguments(files), plugins=[Reporter(stream), Chosen(path)])
    sys.exit(0 if status in (pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED) else status)


def check(exercise: catalog.Exercise, path: Path, *, hidden: bool = False) -> Iterator[Verdict]:
    """Yield the verdict of each check on `path`, as it comes.

    A check that never ends is stopped and ends the run: its verdict is the last.

    Args:
        exercise: whose checks to run.
        path: the student's file; it runs with the rights of whoever calls this.
        hidden: whether to add the hidden checks.
    """
    command = [sys.executable, "-m", "fmnist.exercises.runner", exercise.name, str(path)]
    command += ["--hidden"] if hidden else []
    process = subprocess.Popen(  # noqa: S603 (this very module)
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        env=os.environ | {"TF_CPP_MIN_LOG_LEVEL": "3"},
    )
    lines = _lines(process)
    started, limit = "", START_SECONDS
    fault: Fault
    try:
        while (line := lines.get(timeout=limit)) is not None:
            message = json.loads(line)
            if "started" in message:
                started, limit = message["started"], CALLS * exercise.seconds
            else:
                started = ""
                yield Verdict(**message)
    except queue.Empty:
        fault = TimedOut(f"{started} was stopped after {limit} s: is there a loop that never ends?")
        yield _ended(exercise, started, fault)
    else:
        if started:
            fault = Crashed(f"The process ended during {started}: does the code call exit?")
            yield _ended(exercise, started, fault)
        elif process.wait() != 0:  # before any check: nothing that an answer can cause
            message = f"The checks could not be run (status {process.returncode}); not your fault."
            yield Verdict(exercise.name, "", False, "error", "grader error", message)
    finally:
        process.kill()
        process.wait()


def _lines(process: subprocess.Popen) -> "queue.Queue[str | None]":
    """Return a queue of the lines that the process prints, with None after the last."""
    lines: queue.Queue[str | None] = queue.Queue()

    def read() -> None:
        with cast(IO[str], process.stdout) as printed:
            for line in printed:
                lines.put(line)
        lines.put(None)

    threading.Thread(target=read, daemon=True).start()
    return lines


def _ended(exercise: catalog.Exercise, check_: str, fault: Fault) -> Verdict:
    return Verdict(exercise.name, check_, False, "failed", fault.kind, str(fault))


if __name__ == "__main__":
    main()
