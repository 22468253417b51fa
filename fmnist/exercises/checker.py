"""Run the checks of exercises in a process that can be stopped, and that stays warm.

pytest, NumPy and TensorFlow are loaded in that process only, see `fmnist.exercises.runner`.
"""

import queue
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from fmnist.answer.faults import Crashed, Fault, TimedOut
from fmnist.exercises import catalog, sentences
from fmnist.exercises.verdicts import Outcome, State, Verdict, unjudged
from fmnist.tools import processes

START_SECONDS = 60  # importing pytest, NumPy and, for some exercises, TensorFlow
CALLS = 5  # a check may take as long as so many calls
ENVIRONMENT = {"TF_CPP_MIN_LOG_LEVEL": "3", "PYTHONDONTWRITEBYTECODE": "1"}


class Checker:
    """Runs checks in one process after the other; what a file did to it ends with it.

    Used as a context manager. The process starts with the first request, and again after a check
    that had to be stopped.
    """

    def __init__(self) -> None:
        self._process: processes.LineProcess | None = None
        self._answers: processes.Answers = queue.SimpleQueue()

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
        seed: int = 0,
    ) -> Iterator[Verdict]:
        """Yield the verdict of each check on `path`, as it comes.

        A check that never ends is stopped and ends the run: its verdict is the last.

        Args:
            exercise: whose checks to run.
            path: the student's file; it runs with the rights of whoever calls this.
            hidden: whether to add the hidden checks.
            arrays: whether lists of numbers reach the answer as NumPy arrays.
            first_fault: whether the first check that does not pass is the last that runs.
            seed: of a class, see `checks.seeded`.
        """
        # What an answer imports is loaded before the clock of the first check starts.
        request = {"exercise": exercise.name, "file": str(path), "import": exercise.imports}
        how = {"hidden": hidden, "arrays": arrays, "first_fault": first_fault, "seed": seed}
        self._ask(request | how)
        started, limit, status = "", START_SECONDS, "none"
        try:
            while (message := processes.answer(self._answers, limit)[1]) is not None:
                if "status" in message:
                    status = str(message["status"])
                    break
                if "started" in message:
                    started, limit = message["started"], CALLS * exercise.seconds
                else:
                    started = ""
                    yield Verdict(**message)
            fault: Fault = Crashed(sentences.CHECK_ENDED.format(check=started))
        except TimeoutError:
            status = f"nothing for {limit} s"
            fault = TimedOut(sentences.CHECK_STOPPED.format(check=started, seconds=limit))
        finally:
            if status != "0":  # also when the caller has seen enough
                self._stop()
        if started:
            yield Verdict(exercise.name, started, False, Outcome.FAILED, fault.kind, str(fault))
        elif status != "0":  # before any check: nothing that an answer can cause
            sentence = sentences.CHECKS_NOT_RUN.format(status=status)
            yield unjudged(exercise.name, State.GRADER_ERROR, sentence)

    def _ask(self, request: dict[str, Any]) -> None:
        if self._process is None or self._process.has_ended():
            self._process = self._started()
        self._process.ask(request)

    def _started(self) -> processes.LineProcess:
        self._answers = queue.SimpleQueue()  # nothing of the process before
        return processes.LineProcess(
            "-m", "fmnist.exercises.runner", environment=ENVIRONMENT, answers=self._answers
        )

    def _stop(self) -> None:
        if self._process is not None:
            self._process.end()
            self._process = None
