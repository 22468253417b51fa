"""Hand submissions out to graders, in processes of this machine or of a cluster.

A process keeps its grader, so that the checks are collected and TensorFlow is imported once a
process and not once a submission.
"""

import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import (
    FIRST_COMPLETED,
    BrokenExecutor,
    CancelledError,
    Executor,
    Future,
    wait,
)

from fmnist import executors
from fmnist.exercises import catalog
from fmnist.grading import selftest
from fmnist.grading.grader import Grader
from fmnist.grading.isolation import LEVELS
from fmnist.grading.records import Graded, lost
from fmnist.grading.submissions import Submission

ATTEMPTS = 3  # with which a submission may take its grader's process down
IN_HAND = 2  # submissions handed out for each process, so that none waits for the next
LOOK_SECONDS = 1.0  # how often the clock of the class is looked at


class OutOfTime(Exception):
    """The time for the class is used up; what is graded is kept."""


def grade(
    submissions: Iterable[Submission],
    names: tuple[str, ...],
    *,
    level: str,
    place: executors.Place,
    seconds: float,
    on_graded: Callable[[Graded], None],
) -> None:
    """Grade each submission and hand its record over as soon as it is whole.

    When a process ends, those that were in hand are tried again one by one; a submission that
    ends its process each time gets a record with "grader error".

    Args:
        submissions: what students handed in; taken one by one, as graders become free.
        names: of the exercises that count.
        level: letter of the isolation.
        place: where graders run.
        seconds: wall time for the class.
        on_graded: called once a submission, in this thread, in the order in which they end.

    Raises:
        GraderError: the checks cannot be collected.
        NoSandbox: a process cannot build the wall that was asked for.
        executors.NoCluster: see `Place.open`.
        executors.Lost: the cluster has gone.
        OutOfTime: those that are left are not graded.
    """
    deadline = time.monotonic() + seconds
    waiting, alone = iter(submissions), deque[tuple[Submission, int]]()
    while True:
        with place.open() as executor:
            try:
                while alone:
                    single = iter([alone[0][0]])
                    _hand_out(executor, single, 1, names, level, deadline, on_graded, [])
                    alone.popleft()
                in_hand: list[Submission] = []
                _hand_out(
                    executor, waiting, place.workers, names, level, deadline, on_graded, in_hand
                )
                return
            except BrokenExecutor:
                if not alone:
                    alone.extend((submission, 1) for submission in in_hand)
                    continue
                submission, attempts = alone.popleft()
                if attempts < ATTEMPTS:
                    alone.append((submission, attempts + 1))
                else:
                    exercises = tuple(catalog.find(name) for name in names)
                    on_graded(lost(submission, exercises, isolation=level))


def _hand_out(
    executor: Executor,
    submissions: Iterator[Submission],
    workers: int,
    names: tuple[str, ...],
    level: str,
    deadline: float,
    on_graded: Callable[[Graded], None],
    in_hand: list[Submission],
) -> None:
    """Have submissions graded; `in_hand` are those that were handed out and are not done."""
    running: dict[Future[Graded], Submission] = {}
    try:
        while True:
            while len(running) < IN_HAND * workers:
                submission = next(submissions, None)
                if submission is None:
                    break
                in_hand.append(submission)
                running[executor.submit(grade_here, submission, names, level)] = submission
            if not running:
                return
            done, _ = wait(running, timeout=LOOK_SECONDS, return_when=FIRST_COMPLETED)
            for future in done:
                graded = future.result()
                in_hand.remove(running.pop(future))
                on_graded(graded)
            if not done and time.monotonic() > deadline:
                raise OutOfTime
    except CancelledError:
        raise executors.Lost from None


_graders: dict[tuple[tuple[str, ...], str], Grader] = {}


def grade_here(submission: Submission, names: tuple[str, ...], level: str) -> Graded:
    """Grade a submission with the grader of this process, which is started if there is none.

    Raises:
        GraderError: the checks cannot be collected.
        NoSandbox: the level does not hold on this machine.
    """
    if (names, level) not in _graders:
        exercises = tuple(catalog.find(name) for name in names)
        _graders[names, level] = Grader(exercises, selftest.proved(LEVELS[level]))
    return _graders[names, level].grade(submission)
