"""Workers: forks of a warm interpreter in a sandbox, one for each answer."""

import textwrap
import time

import pytest

from fmnist.answer import faults
from fmnist.answer.proxy import Answer
from fmnist.exercises import catalog
from fmnist.grading import grader
from fmnist.grading.workers import Worker, WorkerSession, Zygote


@pytest.fixture(scope="module", name="zygote")
def _zygote(sandbox):
    """A warm interpreter in a sandbox."""
    started = Zygote(sandbox, preload=("numpy",))
    yield started
    started.close()


@pytest.fixture(name="run_hostile")
def _run_hostile(zygote):
    """Call f() of a source in a worker; at the end show that an honest one still works."""
    sessions = []

    def call(source: str, *args):
        imports = "ctypes fcntl mmap os socket subprocess sys time".split()
        session = WorkerSession(
            "f", textwrap.dedent(source), imports=imports, worker=Worker(lambda: zygote), seconds=1
        )
        sessions.append(session)
        return Answer(session)(*args)

    yield call
    assert call("def f():\n    return 42") == 42
    for session in sessions:
        session.end()


def test_there_is_nothing_to_find(run_hostile):
    """In a worker there is no file of the course but the wall itself, and no secret variable."""
    seen = run_hostile(
        f"""
        import os, sys
        def f():
            files = []
            for top in ("/course", {str(catalog.ROOT)!r}):
                for folder, folders, names in os.walk(top):
                    folders[:] = [name for name in folders if name != ".venv"]
                    files += [f"{{folder}}/{{name}}" for name in names]
            return [sorted(files), sorted(os.environ), os.getuid(), sorted(
                name for name in sys.modules if name.startswith("fmnist"))]
        """
    )
    files, variables, uid, modules = seen
    assert not any("exercise" in file or "solution" in file for file in files)
    assert files
    assert all(file.startswith("/course/fmnist/") for file in files)
    assert uid != 0
    assert not [name for name in variables if "FMNIST" in name or "PYTEST" in name]
    assert "fmnist.exercises" not in modules


def test_a_worker_that_dies_is_replaced_for_the_next_call(zygote):
    """An endless loop costs its call; the next one is answered by a new worker."""
    session = WorkerSession(
        "f",
        "def f(again):\n    while again: pass\n    return 1",
        imports=(),
        worker=Worker(lambda: zygote),
        seconds=0.3,
    )
    answer = Answer(session)
    with pytest.raises(faults.TimedOut):
        answer(True)
    assert answer(False) == 1
    session.end()


def test_workers_draw_the_same_random_numbers(zygote):
    """The same answer gets the same mark: chance is the same in every worker."""
    drawn = []
    for _ in range(2):
        session = WorkerSession(
            "f",
            "import random\nimport numpy\ndef f(): return [random.random(), numpy.random.rand()]",
            imports=("numpy",),
            worker=Worker(lambda: zygote),
            seconds=1,
        )
        drawn.append(Answer(session)())
        session.end()
    assert drawn[0] == drawn[1]


def call_until_it_fails(answer: Answer) -> None:
    """Call for some seconds: the kernel ends a worker a moment after its zygote."""
    for _ in range(500):
        answer()
        time.sleep(0.01)


def test_a_lost_zygote_is_replaced(sandbox):
    """Should the warm interpreter ever end, the next answer gets a new one."""
    with grader.Zygotes(sandbox) as zygotes:
        session = WorkerSession(
            "f",
            "def f(): return 1",
            imports=(),
            worker=Worker(lambda: zygotes.having(grader.PLAIN)),
            seconds=5,
        )
        assert Answer(session)() == 1
        first = zygotes.having(grader.PLAIN)
        first._process.kill()
        first._process.wait()
        with pytest.raises(faults.Crashed):
            call_until_it_fails(Answer(session))
        assert Answer(session)() == 1
        assert zygotes.having(grader.PLAIN) is not first
        session.end()
