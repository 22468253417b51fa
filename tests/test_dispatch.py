"""The time for a class: it ends when it is over, whatever comes meanwhile, and not before."""

import threading
import time
import types
from concurrent.futures import BrokenExecutor, Executor, Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace

import pytest

from fmnist.grading.hand_ins.submissions import Submission
from fmnist.grading.judging import dispatch
from fmnist.grading.judging.records import Graded, nothing

WORK = dispatch.Work(("class_counts",), "D", "")
SECONDS = 0.05  # that each submission takes, of a clock that nothing else moves


def task(name: str) -> dispatch.Task:
    """Return what is to be graded of a student who handed in nothing."""
    return dispatch.Task(Submission(name, {}, {}, ()))


class Class:
    """A class that is graded in this process, by a clock of its own.

    Attributes:
        now: what the clock shows, in seconds.
        broken: students whose submission ends its process.
        silent: students whose result never comes; the clock goes on meanwhile.
        workers: processes, as the dispatcher counts them.
    """

    address = ""

    def __init__(self):
        self.now = 1000.0
        self.broken: set[str] = set()
        self.silent: set[str] = set()
        self.workers = 1
        self.graded: list[str] = []

    @contextmanager
    def open(self, _):
        """Yield an executor that does its work when it is told of it."""
        yield Here(self)

    def grade(self, names, *, seconds: float) -> list[str]:
        """Return whose record was handed over, until all are or the time is over."""
        waiting = map(task, names)
        dispatch.grade(waiting, WORK, place=self, seconds=seconds, on_graded=self._keep)
        return self.graded

    def _keep(self, graded: Graded) -> None:
        self.graded.append(graded.record.student)


class Here(Executor):
    """An executor without processes.

    Args:
        class_: whose clock goes on with each submission.
    """

    def __init__(self, class_: Class):
        self._class = class_

    def submit(self, _, task, work):
        """Return what is done already, was lost, or never will be done."""
        self._class.now += SECONDS
        future: Future[Graded] = Future()
        student = task.submission.student
        if student in self._class.broken:
            future.set_exception(BrokenExecutor())
        elif student not in self._class.silent:
            record = nothing(student, work.exercises, isolation=work.level)
            future.set_result(Graded(record, {}))
        return future


@pytest.fixture(name="class_")
def _class(monkeypatch):
    """A class whose clock the dispatcher reads."""
    made = Class()

    def wait(running, **_):
        done = {one for one in running if one.done()}
        if not done:
            made.now += dispatch.LOOK_SECONDS
        return done, set(running) - done

    monkeypatch.setattr(dispatch, "time", types.SimpleNamespace(monotonic=lambda: made.now))
    monkeypatch.setattr(dispatch, "wait", wait)
    return made


def students(count: int) -> list[str]:
    """Return names."""
    return [f"student{number:03}" for number in range(count)]


def test_the_time_ends_also_while_results_flow(class_):
    """Half a second is enough for ten submissions of 50 ms, and not for 120."""
    with pytest.raises(dispatch.OutOfTime):
        class_.grade(students(120), seconds=0.5)
    assert 8 <= len(class_.graded) <= 10 + 1  # and the one that was in hand
    assert class_.now <= 1000.0 + 0.5 + dispatch.IN_HAND * SECONDS


@pytest.mark.parametrize("workers", [1, 4])
def test_nothing_is_handed_out_when_the_time_is_over(class_, workers):
    """A limit that is over before the first submission grades none."""
    class_.workers = workers
    class_.address = "tcp://127.0.0.1:1"  # no copy of TensorFlow to share
    with pytest.raises(dispatch.OutOfTime):
        class_.grade(students(3), seconds=-1.0)
    assert class_.graded == []
    assert class_.now == 1000.0


def test_a_class_that_is_done_in_time_is_whole(class_):
    """All of it, and also if the last result comes after the end."""
    assert len(class_.grade(students(120), seconds=60.0)) == 120
    assert len(Class.grade(class_, students(1), seconds=SECONDS / 2)) == 121


def test_what_has_come_is_kept_when_the_time_ends(class_):
    """A result that is there is handed over before the clock is looked at."""
    with pytest.raises(dispatch.OutOfTime):
        class_.grade(students(9), seconds=SECONDS * 1.5)
    assert sorted(class_.graded) == students(2)


def test_the_time_ends_while_nothing_comes(class_):
    """A result that never comes is not waited for any longer."""
    class_.silent = {"student001"}
    with pytest.raises(dispatch.OutOfTime):
        class_.grade(students(2), seconds=5.0)
    assert class_.graded == ["student000"]


def test_what_graders_are_at_when_the_time_ends_is_waited_for(class_, monkeypatch):
    """For a while: half a minute's work is not thrown away, and nobody can stretch the class."""
    class_.silent = {"student001", "student002"}
    class_.workers = 4
    class_.address = "tcp://127.0.0.1:1"  # no copy of TensorFlow to share
    asked = []

    def wait(running, *, timeout, **_):
        running = set(running)
        asked.append(timeout)
        if timeout == dispatch.LAST_SECONDS:
            late = next(iter(running))
            late.set_result(Graded(nothing("late", WORK.exercises, isolation="A"), {}))
            return {late}, running - {late}
        class_.now += timeout
        done = {one for one in running if one.done()}
        return done, running - done

    monkeypatch.setattr(dispatch, "wait", wait)
    submit = Here.submit

    def running_already(self, *given):
        future = submit(self, *given)
        if not future.done():
            future.set_running_or_notify_cancel()
        return future

    monkeypatch.setattr(Here, "submit", running_already)
    with pytest.raises(dispatch.OutOfTime):
        class_.grade(students(3), seconds=5.0)
    assert asked[-1] == dispatch.LAST_SECONDS
    assert sorted(class_.graded) == ["late", "student000"]


def test_one_result_that_never_comes_does_not_stop_the_clock(class_):
    """Others flow past it; the end is the same."""
    class_.silent = {"student001"}
    with pytest.raises(dispatch.OutOfTime):
        class_.grade(students(500), seconds=1.0)
    assert len(class_.graded) < 25


def test_the_time_ends_while_processes_do(class_):
    """Submissions that end their process are not tried again when the time is over."""
    class_.broken = set(students(50))
    with pytest.raises(dispatch.OutOfTime):
        class_.grade(students(50), seconds=SECONDS * 4.5)
    assert class_.now <= 1000.0 + 6 * SECONDS


def test_a_submission_that_ends_its_process_is_told_of_in_time(class_):
    """With time enough it gets its record, and the others theirs."""
    class_.broken = {"student001"}
    assert sorted(class_.grade(students(5), seconds=60.0)) == students(5)


def test_a_process_grades_one_submission_at_a_time(monkeypatch):
    """Its grader has one worker; a cluster may give a process several threads."""
    busy = threading.Lock()

    def grade(submission, only, haste):
        assert busy.acquire(blocking=False)
        time.sleep(0.01)
        busy.release()
        return submission.student

    grader = types.SimpleNamespace(grade=grade)
    monkeypatch.setattr(dispatch, "_grader", lambda _: grader)
    given = [*map(task, students(8))]
    with ThreadPoolExecutor(4) as pool:
        graded = pool.map(lambda one: dispatch.grade_here(one, WORK), given)
    assert list(graded) == students(8)


# --- what may be the machine's doing ---


@pytest.fixture(name="doubted")
def _doubted(class_, monkeypatch):
    """A class in which some outcomes are doubtful; note what runs beside each other."""
    made = types.SimpleNamespace(students=set(), handed=[], beside=[], kept=[])
    submit = Here.submit

    def noted(self, grade, task, work):
        student = task.submission.student
        made.handed.append((student, task.only, task.haste))
        future = submit(self, grade, task, work)
        if student in made.students and future.done() and not future.exception():
            doubtful = () if task.only else ("class_counts",)
            points = 2.0 if task.only else 0.0
            record = future.result().record
            parts = tuple(replace(part, points=points) for part in record.exercises)
            again = Graded(replace(record, exercises=parts), {"file::one": points}, doubtful)
            future = Future()
            future.set_result(again)
        return future

    monkeypatch.setattr(Here, "submit", noted)
    keep = class_._keep
    monkeypatch.setattr(class_, "_keep", lambda graded: (made.kept.append(graded), keep(graded)))
    return made


def test_a_doubtful_outcome_is_kept_after_it_came_again_alone(class_, doubted):
    """When all else is done, with nothing beside; and only the exercises in doubt."""
    class_.workers = 4
    class_.address = "tcp://127.0.0.1:1"  # no copy of TensorFlow to share
    doubted.students = {"student001", "student004"}
    assert set(class_.grade(students(9), seconds=60.0)[-2:]) == doubted.students
    assert sorted(class_.graded) == students(9)
    assert doubted.handed[:9] == [(name, (), True) for name in students(9)]
    alone = [(name, ("class_counts",), False) for name in sorted(doubted.students)]
    assert sorted(doubted.handed[9:]) == alone
    last = doubted.kept[-1]
    assert (last.record.points, last.seconds["file::one"], last.doubtful) == (2.0, 2.0, ())


def test_a_doubtful_outcome_is_none_when_the_time_is_over(class_, doubted):
    """It is graded in the next run; those that are sure are kept."""
    doubted.students = {"student000"}
    with pytest.raises(dispatch.OutOfTime):
        class_.grade(students(3), seconds=SECONDS * 2.9)
    assert "student000" not in class_.graded


def test_one_that_ends_its_process_when_graded_again_is_told_of(class_, doubted, monkeypatch):
    """As our fault, and the next in doubt is graded."""
    doubted.students = {"student000", "student001"}
    submit = Here.submit

    def ending(self, grade, task, work):
        if task.only and task.submission.student == "student000":
            future = Future()
            future.set_exception(BrokenExecutor())
            return future
        return submit(self, grade, task, work)

    monkeypatch.setattr(Here, "submit", ending)
    assert sorted(class_.grade(students(3), seconds=60.0)) == students(3)
    states = {one.record.student: one.record.state for one in doubted.kept}
    assert [name for name, state in states.items() if state == "grader error"] == ["student000"]
