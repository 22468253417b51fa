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
from fmnist.tools.terminal import shown

START_SECONDS = 60  # importing pytest, NumPy and, for some exercises, TensorFlow
CUT_SHORT = (TimedOut.kind, Crashed.kind)  # of a check that ended its process
MAX_WORDS = 300  # characters
CALLS = 5  # a check may take as long as so many calls
STOPPED = 3  # after so many checks that had to be stopped no further one is tried
ENVIRONMENT = {"TF_CPP_MIN_LOG_LEVEL": "3", "PYTHONDONTWRITEBYTECODE": "1"}


class Checker:
    """Runs checks in one process after the other; what a file did to it ends with it.

    Used as a context manager. The process starts with the first request, and again after a check
    that had to be stopped.
    """

    def __init__(self) -> None:
        self._process: processes.LineProcess | None = None
        self._answers: processes.Answers = queue.SimpleQueue()
        self._collected: list[str] = []  # of the last request

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
        public: bool = True,
        hidden: bool = False,
        arrays: bool = False,
        first_fault: bool = False,
        after: str = "",
        calls: int = CALLS,
        seed: int = 0,
    ) -> Iterator[Verdict]:
        """Yield the verdict of each check on `path`, as it comes.

        A check that never ends is stopped and ends the run: its verdict is the last.

        Args:
            exercise: whose checks to run.
            path: the student's file; it runs with the rights of whoever calls this.
            public: whether to run the public checks.
            hidden: whether to add the hidden checks.
            arrays: whether lists of numbers reach the answer as NumPy arrays.
            first_fault: whether the first check that does not pass is the last that runs.
            after: name of the check behind which to begin; by default with the first.
            calls: a check is stopped when it takes as long as so many calls may take.
            seed: of a class, see `checks.seeded`.
        """
        # What an answer imports is loaded before the clock of the first check starts.
        request: dict[str, Any] = {
            "exercise": exercise.name,
            "file": str(path),
            "import": exercise.imports,
        }
        request |= {"public": public, "hidden": hidden, "after": after, "seed": seed}
        self._ask(request | {"arrays": arrays, "first_fault": first_fault})
        started, limit, status = "", START_SECONDS, ""
        try:
            while (message := self._message(limit)) is not None:
                if "status" in message:
                    status = str(message["status"])
                    if status != "0":
                        status = f"status {status}"
                    break
                if "collected" in message:
                    self._collected = message["collected"]
                elif "started" in message:
                    started, limit = message["started"], calls * exercise.seconds
                else:
                    started = ""
                    yield Verdict(**message)
            fault: Fault = Crashed(sentences.CHECK_ENDED.format(check=started))
        except TimeoutError:
            status = f"nothing for {limit} s"
            fault = TimedOut(sentences.CHECK_STOPPED.format(check=started, seconds=limit))
        finally:
            said = self._last_words() if not status else ""
            if status != "0":  # also when the caller has seen enough
                self._stop()
        if started:
            # A verdict on public and hidden checks together is on whichever there are.
            only_hidden = hidden and not public
            yield Verdict(
                exercise.name, started, only_hidden, Outcome.FAILED, fault.kind, str(fault)
            )
        elif status != "0":  # before any check: nothing that an answer can cause
            sentence = sentences.CHECKS_NOT_RUN.format(why=status or said or "no word")
            yield unjudged(exercise.name, State.GRADER_ERROR, sentence)

    def every(
        self, exercise: catalog.Exercise, path: Path, *, hidden: bool, stopped: int = 0
    ) -> list[Verdict]:
        """Return the verdict of every public check, or of every hidden one.

        Behind a check that had to be stopped the next is tried, in less time, until `STOPPED`.

        Args:
            exercise: whose checks to run.
            path: see `check`.
            hidden: whether the hidden checks are meant, and not the public ones.
            stopped: how many checks of the same answer had to be stopped before.
        """
        verdicts: list[Verdict] = []
        while stopped < STOPPED:
            after = verdicts[-1].check if verdicts else ""
            calls = 1 if stopped else CALLS
            verdicts += self.check(
                exercise, path, public=not hidden, hidden=hidden, after=after, calls=calls
            )
            if verdicts[-1].kind not in CUT_SHORT or verdicts[-1].check == self._collected[-1]:
                return verdicts
            stopped += 1
        sentence = sentences.NOT_TRIED_AGAIN.format(name=exercise.name, seconds=exercise.seconds)
        left = self._collected[len(verdicts) :] if verdicts else ["no check"]
        for name in left:
            verdicts.append(
                Verdict(exercise.name, name, hidden, Outcome.ERROR, TimedOut.kind, sentence)
            )
        return verdicts

    def _message(self, limit: float) -> dict[str, Any] | None:
        """Return what the process says next; what something else printed there is passed over."""
        while True:
            try:
                message = processes.answer(self._answers, limit)[1]
            except ValueError:
                continue
            if message is None or isinstance(message, dict):
                return message

    def _last_words(self) -> str:
        """Return the last line that a process which has ended wrote, such as its exception."""
        lines = self._process.words().strip().splitlines() if self._process else []
        return shown(lines[-1])[:MAX_WORDS] if lines else ""

    def _ask(self, request: dict[str, Any]) -> None:
        if self._process is None or self._process.has_ended():
            self._process = self._started()
        self._process.ask(request)

    def _started(self) -> processes.LineProcess:
        self._answers = queue.SimpleQueue()  # nothing of the process before
        return processes.LineProcess(
            "-m",
            "fmnist.exercises.runner",
            environment=ENVIRONMENT,
            answers=self._answers,
            overheard=True,
        )

    def _stop(self) -> None:
        if self._process is not None:
            self._process.end()
            self._process = None
