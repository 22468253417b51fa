"""Hand submissions out to graders, in processes of this machine or of a cluster.

A process keeps its grader, so that the checks are collected once a process and not once a
submission; TensorFlow is imported once for all processes of this machine.
"""

import functools
import itertools
import platform
import socket
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, CancelledError, Executor, Future, wait
from contextlib import contextmanager
from dataclasses import dataclass, replace

from fmnist.exercises import catalog
from fmnist.grading.hand_ins.submissions import Submission
from fmnist.grading.judging.grader import Grader, GraderError
from fmnist.grading.judging.record_keys import Keys
from fmnist.grading.judging.records import Graded, lost, settled
from fmnist.grading.sandbox import selftest
from fmnist.grading.sandbox.isolation import LEVELS
from fmnist.grading.sandbox.zygotes import KERAS, Zygote
from fmnist.tools import executors
from fmnist.tools.user_errors import UserError

ATTEMPTS = 3  # with which a submission may take its grader's process down
IN_HAND = 2  # submissions handed out for each process, so that none waits for the next
LAST_SECONDS = 30.0  # that graders have left for what they are at when the time is over
LOOK_SECONDS = 1.0  # how often the clock of the class is looked at while no result comes


class OutOfTime(Exception):
    """The time for the class is used up; what is graded is kept."""


@dataclass(frozen=True)
class Work:
    """What is the same for all submissions of a class.

    Attributes:
        names: of the exercises that count.
        level: letter of the isolation.
        version: of checks and grader; whoever grades must have the same.
        seed: of the class.
        bounds: of workers, as the level was proved on this machine, which alone grades; empty if
            others do, and have to prove it.
    """

    names: tuple[str, ...]
    level: str
    version: str
    seed: int = 0
    bounds: str = ""

    @property
    def exercises(self) -> tuple[catalog.Exercise, ...]:
        """Their entries in the catalogue."""
        return tuple(catalog.find(name) for name in self.names)


@dataclass(frozen=True)
class Task:
    """A submission to be graded.

    Attributes:
        submission: what was handed in.
        only: names of the exercises to grade, which alone are in the record; all if there are none.
        haste: whether it leaves its place to others when it takes long, see `Grader.grade`.
    """

    submission: Submission
    only: tuple[str, ...] = ()
    haste: bool = True


def grade(
    tasks: Iterable[Task],
    work: Work,
    *,
    place: executors.Place,
    seconds: float,
    on_graded: Callable[[Graded], None],
) -> None:
    """Grade submissions and hand each record over as soon as it is whole.

    When a process ends, those that were in hand are tried again one by one; a submission that
    ends its process each time gets a record with "grader error". Exercises whose outcome may be the
    machine's doing are graded once more when all else is done, with nothing beside; that counts.

    Args:
        tasks: taken one by one, as graders become free.
        work: what is the same for all.
        place: where graders run.
        seconds: wall time for the class, from this call on. When it is over no submission is
            handed out any more, and those in hand that do not end soon get no record.
        on_graded: called once a submission, in this thread, in the order in which they end.

    Raises:
        GraderError: the checks cannot be collected, or a machine has another version of them.
        NoSandbox: a process cannot build the wall that was asked for.
        executors.NoCluster: see `Place.open`.
        executors.Lost: the cluster has gone.
        OutOfTime: those that are left are not graded; never raised when none is left.
    """
    deadline = time.monotonic() + seconds
    waiting = iter(tasks)
    first = next(waiting, None)
    if first is None:
        return
    waiting = itertools.chain([first], waiting)
    alone = deque[tuple[Task, int]]()  # that are tried one by one, and how often they were
    doubtful = deque[tuple[Task, Graded]]()

    def keep(task: Task, graded: Graded) -> None:
        if graded.doubtful:
            doubtful.append((task, graded))
        else:
            on_graded(graded)

    with _shared_tensorflow(work, place) as begin:
        while True:
            with place.open(begin) as executor:
                hand_out = functools.partial(_hand_out, executor, work, deadline, keep)
                while alone and not hand_out(iter([alone[0][0]]), workers=1):
                    alone.popleft()
                in_hand = [] if alone else hand_out(waiting, workers=place.workers)
                if not (alone or in_hand):
                    _settle(doubtful, executor, work, deadline, on_graded)
            if alone:  # the first of them has ended its process
                task, attempts = alone.popleft()
                if attempts < ATTEMPTS:
                    alone.append((task, attempts + 1))
                else:
                    on_graded(_lost(task, work))
            elif in_hand:
                alone.extend((task, 1) for task in in_hand)
            elif doubtful:
                task, _ = doubtful.popleft()
                on_graded(_lost(task, work))
            else:
                return


def _lost(task: Task, work: Work) -> Graded:
    exercises = tuple(one for one in work.exercises if not task.only or one.name in task.only)
    return lost(task.submission, exercises, isolation=work.level)


def _hand_out(
    executor: Executor,
    work: Work,
    deadline: float,
    on_graded: Callable[[Task, Graded], None],
    tasks: Iterator[Task],
    *,
    workers: int,
) -> list[Task]:
    """Have submissions graded.

    Returns:
        Those that were in hand when a grader's process ended, and others with it; else none.

    Raises:
        GraderError, NoSandbox, executors.Lost, OutOfTime: see `grade`.
    """
    in_hand: list[Task] = []
    running: dict[Future[Graded], Task] = {}
    try:
        while True:
            while len(running) < IN_HAND * workers:
                task = next(tasks, None)
                if task is None:
                    break
                _look_at_the_clock(deadline)
                in_hand.append(task)
                running[executor.submit(grade_here, task, work)] = task
            if not running:
                return []
            done, _ = wait(running, timeout=LOOK_SECONDS, return_when=FIRST_COMPLETED)
            for future in done:
                graded = future.result()
                task = running.pop(future)
                in_hand.remove(task)
                on_graded(task, graded)
            if running:  # also while results flow: a class of quick answers has an end, too
                _look_at_the_clock(deadline)
    except OutOfTime:
        _keep_the_last(running, on_graded)
        raise
    except CancelledError:  # by nobody here: what it was handed to is not there any more
        raise executors.Lost from None
    except Exception as error:
        if not executors.process_ended(error):
            raise
        return in_hand


def _keep_the_last(
    running: dict[Future[Graded], Task], on_graded: Callable[[Task, Graded], None]
) -> None:
    """Hand over what graders still get done, soon after the time for the class is over."""
    begun = [future for future in running if not future.cancel()]
    done, _ = wait(begun, timeout=LAST_SECONDS) if begun else ((), ())
    for future in done:
        if not future.exception():
            on_graded(running[future], future.result())


def _settle(
    doubtful: deque[tuple[Task, Graded]],
    executor: Executor,
    work: Work,
    deadline: float,
    on_graded: Callable[[Graded], None],
) -> None:
    """Grade again what is doubtful, with nothing beside; leave what a process has ended by.

    Raises:
        GraderError, NoSandbox, executors.Lost, OutOfTime: see `grade`.
    """
    while doubtful:
        task, before = doubtful[0]
        again: list[Graded] = []

        def keep(_: Task, graded: Graded, kept: list[Graded] = again) -> None:
            kept.append(graded)

        rest = Task(task.submission, before.doubtful, haste=False)
        if _hand_out(executor, work, deadline, keep, iter([rest]), workers=1):
            return
        doubtful.popleft()
        on_graded(settled(before, again[0]))


def _look_at_the_clock(deadline: float) -> None:
    """Raise `OutOfTime` if the time for the class is over."""
    if time.monotonic() > deadline:
        raise OutOfTime


@contextmanager
def _shared_tensorflow(work: Work, place: executors.Place) -> Iterator[Callable[[], None] | None]:
    """Yield what has the processes of this machine share one copy of TensorFlow in memory."""
    keras = any(exercise.keras for exercise in work.exercises)
    if place.address or place.workers == 1 or not keras:
        yield None
        return
    mother = Zygote.start(LEVELS[work.level], preload=KERAS)
    try:
        yield functools.partial(_share, mother.control)
    finally:
        mother.close()


# Of this process: obeyed by a zygote that all graders of a machine share.
_mother: socket.socket | None = None
_one_at_a_time = threading.Lock()  # a process of a cluster may have several threads


def _share(mother: socket.socket) -> None:
    global _mother
    _mother = mother


def grade_here(task: Task, work: Work) -> Graded:
    """Grade a submission with the grader of this process, which is started if there is none.

    Args:
        task: what to grade.
        work: what is the same for all.

    Raises:
        GraderError: the checks cannot be collected, or are of another version.
        NoSandbox: the level does not hold on this machine.
    """
    with _one_at_a_time:
        try:
            return _grader(work).grade(task.submission, task.only, haste=task.haste)
        except UserError as error:
            if work.bounds:
                raise
            raise type(error)(f"On the machine {platform.node()}: {error}") from None


@functools.cache  # one for this process
def _grader(work: Work) -> Grader:
    if Keys(work.exercises, isolation=work.level).version != work.version:
        raise GraderError(
            "This is another version of the course or of its packages; install the same everywhere."
        )
    level = LEVELS[work.level]
    # Answers that are run meanwhile could disprove it: it may bound all workers together only.
    level = replace(level, bounds=work.bounds) if work.bounds else selftest.proved(level)
    return Grader(work.exercises, level, _mother, seed=work.seed)
