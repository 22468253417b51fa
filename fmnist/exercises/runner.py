"""The process that runs the checks of exercises for `fmnist.exercises.checker`.

``python -m fmnist.exercises.runner`` reads requests as lines of JSON: {"exercise":
name, "file": path, "public": bool, "hidden": bool, "arrays": bool, "first_fault": bool, "seed":
int, "after": the last check not to run, or empty}, or {"import": [package, ...]} to be ready
sooner. It writes {"collected": [check, ...]}, for each check {"started": check} and the verdict,
and {"status": number} at the end of each request.
"""

import contextlib
import dataclasses
import io
import json
import os
import sys
from pathlib import Path
from typing import IO, Any

from fmnist.answer.arrays import AnswerToArrays
from fmnist.exercises import answers, catalog, checks
from fmnist.exercises.expect import Described
from fmnist.inside.preload import preload


class _NoInput(io.StringIO):
    """Standard input at its end; `exit` closes it before it raises, and the process goes on."""

    def close(self) -> None:
        """Stay open."""


def main() -> None:
    """Carry out requests until there is no further one."""
    # What the student's code prints must not look like a report, nor its input() take a request.
    requests = os.fdopen(os.dup(0), encoding="utf-8")
    stream = os.fdopen(os.dup(1), "w", encoding="utf-8")
    null = os.open(os.devnull, os.O_RDWR)
    for descriptor in (0, 1, 2):
        os.dup2(null, descriptor)
    sys.stdin = _NoInput()
    for line in requests:
        request = json.loads(line)
        with contextlib.suppress(ImportError):  # the answer will say so, if it needs it
            preload(request.get("import", ()))
        if "exercise" in request:
            _write(stream, {"status": _run(request, stream)})


def _run(request: dict[str, Any], stream: IO[str]) -> int:
    """Run the checks of one request; return 0 if they could be run."""
    exercise, path = catalog.find(request["exercise"]), Path(request["file"])
    files = [exercise.public_checks] if request["public"] else []
    files += [exercise.hidden_checks] if request["hidden"] else []
    _forget(files)

    def answer() -> Described:
        loaded = answers.answer(exercise, path)
        return AnswerToArrays(loaded) if request["arrays"] else loaded

    try:
        collected = [checks.seeded(one, request["seed"]) for one in checks.collect(files)]
    except checks.NotCollected as error:
        return int(error.status)
    names = [check.name for check in collected]
    _write(stream, {"collected": names})
    first = names.index(request["after"]) + 1 if request["after"] else 0
    for check in collected[first:]:
        _write(stream, {"started": check.name})  # in case it never ends
        verdict = checks.run(check, answer=answer, reference=lambda: answers.reference(exercise))
        _write(stream, dataclasses.asdict(verdict))
        if request["first_fault"] and not verdict.passed:
            break
    return 0


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
