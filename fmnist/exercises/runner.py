"""The process that runs the checks of exercises for `fmnist.exercises.checker`.

``python -m fmnist.exercises.runner`` reads requests as lines of JSON: {"exercise":
name, "file": path, "hidden": bool, "arrays": bool, "first_fault": bool}, or
{"import": [package, ...]} to be ready sooner. For each check it writes {"started": check} and the
verdict, and {"status": number} at the end of each request.
"""

import contextlib
import dataclasses
import json
import os
import sys
from pathlib import Path
from typing import IO, Any

import pytest

from fmnist.answer.arrays import AnswerToArrays
from fmnist.exercises import catalog, plugin
from fmnist.exercises.recorder import Recorder, run_checks
from fmnist.inside.preload import preload


class Reporter(Recorder):
    """Has the checks judge one given file, and writes what the recorder records, as it happens.

    Args:
        stream: to write to.
        path: of the answer.
        arrays: whether lists reach it as NumPy arrays.
    """

    def __init__(self, stream: IO[str], path: Path, *, arrays: bool):
        super().__init__()
        self._stream = stream
        self._path = path
        self._arrays = arrays

    def pytest_configure(self, config: pytest.Config) -> None:
        """Let the fixture `answer` load the file."""

        def provide(exercise: catalog.Exercise, _: Path):
            answer = plugin.answer_in_this_process(exercise, self._path)
            return AnswerToArrays(answer) if self._arrays else answer

        config.stash[plugin.PROVIDER] = provide

    def pytest_runtest_logstart(self, nodeid: str) -> None:
        """Name the check that is about to run, in case it never ends."""
        _write(self._stream, {"started": nodeid.rpartition("::")[2]})

    def pytest_runtest_logfinish(self) -> None:
        """Write the verdict."""
        _write(self._stream, dataclasses.asdict(self.verdicts[-1]))


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
        with contextlib.suppress(ImportError):  # the answer will say so, if it needs it
            preload(request.get("import", ()))
        if "exercise" in request:
            _write(stream, {"status": _run(request, stream)})


def _run(request: dict[str, Any], stream: IO[str]) -> int:
    """Run the checks of one request; return 0 if they could be run."""
    exercise, path = catalog.find(request["exercise"]), Path(request["file"])
    files = [exercise.public_checks]
    if request["hidden"]:
        files.append(exercise.hidden_checks)
    _forget(files)
    options = ["--exitfirst"] if request["first_fault"] else []
    reporter = Reporter(stream, path, arrays=request["arrays"])
    status = run_checks(files, *options, plugins=[reporter])
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


if __name__ == "__main__":
    main()
