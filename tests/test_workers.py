"""Workers: forks of a warm interpreter in a sandbox."""

import textwrap
from contextlib import closing

import psutil
import pytest

from fmnist.answer import faults
from fmnist.answer.proxy import Answer
from fmnist.grading.sandbox import isolation, seccomp
from fmnist.grading.sandbox.workers import Worker, WorkerSession
from fmnist.grading.sandbox.zygotes import KERAS, PLAIN, Zygote, Zygotes
from fmnist.inside import codec
from fmnist.inside.host import Host
from hostile import all_ended


@pytest.fixture(scope="module", name="zygote")
def _zygote(sandbox):
    """A warm interpreter in a sandbox."""
    started = Zygote.start(sandbox, preload=("numpy",))
    yield started
    started.close()


@pytest.fixture(name="run_hostile")
def _run_hostile(zygote):
    """Call f() of a source in a worker; at the end show that an honest one still works."""
    sessions = []

    def call(source: str, *args):
        imports = "ctypes fcntl mmap os socket subprocess sys time".split()
        session = WorkerSession(
            "f", textwrap.dedent(source), imports=imports, worker=Worker(lambda: zygote), seconds=20
        )
        sessions.append(session)
        return Answer(session)(*args)

    yield call
    assert call("def f():\n    return 42") == 42
    for session in sessions:
        session.close()


def test_there_is_nothing_to_find(run_hostile):
    """In a worker there is no file, no secret variable and nothing of the course but the wall."""
    files, variables, uid, modules = run_hostile(
        """
        import os, sys
        def f():
            files = [name for top in ("/", "/course") for _, _, names in os.walk(top)
                     for name in names]
            return [files, sorted(os.environ), os.getuid(), sorted(
                name for name in sys.modules if name.startswith("fmnist"))]
        """
    )
    assert files == []
    assert uid != 0
    assert not [name for name in variables if "FMNIST" in name or "PYTEST" in name]
    assert modules
    assert all(name == "fmnist" or name.startswith("fmnist.inside") for name in modules)


def test_a_worker_that_dies_is_replaced_for_the_next_call(zygote):
    """An endless loop costs its call; the next one is answered by a new worker."""
    session = WorkerSession(
        "f",
        "def f(again):\n    while again: pass\n    return 1",
        imports=(),
        worker=Worker(lambda: zygote),
        seconds=2,
    )
    answer = Answer(session)
    with pytest.raises(faults.TimedOut):
        answer(True)
    assert answer(False) == 1
    session.close()


def test_workers_draw_the_same_random_numbers(zygote):
    """The same answer gets the same mark: chance is the same in every worker."""
    drawn = []
    for _ in range(2):
        session = WorkerSession(
            "f",
            "import random\nimport numpy\ndef f(): return [random.random(), numpy.random.rand()]",
            imports=("numpy",),
            worker=Worker(lambda: zygote),
            seconds=20,
        )
        drawn.append(Answer(session)())
        session.close()
    assert drawn[0] == drawn[1]


def those_in(zygote: Zygote) -> list[psutil.Process]:
    """Return what lives in its sandbox: the kernel ends them a moment after the zygote."""
    return psutil.Process(zygote._process.pid).children(recursive=True)


def test_a_lost_zygote_is_replaced(sandbox):
    """Should the warm interpreter ever end, the next answer gets a new one."""
    with closing(Zygotes(sandbox)) as zygotes:
        session = WorkerSession(
            "f",
            "def f(): return 1",
            imports=(),
            worker=Worker(lambda: zygotes.having(PLAIN)),
            seconds=5,
        )
        assert Answer(session)() == 1
        first = zygotes.having(PLAIN)
        others = those_in(first)
        first._process.kill()
        first._process.wait()
        assert all_ended(others)
        with pytest.raises(faults.Crashed):
            Answer(session)()
        assert Answer(session)() == 1
        assert zygotes.having(PLAIN) is not first
        session.close()


def test_a_twin_forks_workers_and_ends_with_its_mother(sandbox):
    """Graders may share the memory of one warm interpreter; without it each has its own again."""
    mother = Zygote.start(sandbox, preload=("numpy",))
    with closing(Zygotes(sandbox, mother.control)) as zygotes:
        # The name KERAS stands for what is shared; TensorFlow itself would take seconds to load.
        zygotes._started[KERAS] = Zygote.like(mother.control)
        worker = Worker(lambda: zygotes.having(KERAS))
        session = WorkerSession("f", "def f(): return 1", imports=(), worker=worker, seconds=5)
        assert Answer(session)() == 1
        others = those_in(mother)
        mother.close()
        assert all_ended(others)
        with pytest.raises(faults.Crashed):
            Answer(session)()
        with pytest.raises(isolation.NoSandbox, match="all graders share is gone"):
            Zygote.like(mother.control)


# --- what one worker leaves to the next ---

WHERE = "import os\ndef {0}(): return [os.getpid(), os.getppid()]"


@pytest.fixture(name="session")
def _session(zygote):
    """Make sessions, each with a worker and a clean one; return them, and end them at last."""
    made = []

    def session(source: str) -> WorkerSession:
        made.append(
            WorkerSession(
                "f",
                source.format("f"),
                imports=("os",),
                worker=Worker(lambda: zygote),
                clean=Worker(lambda: zygote),
                seconds=2,
            )
        )
        return made[-1]

    yield session
    for one in made:
        one.close()


def test_each_session_has_a_worker_of_its_own(session):
    """Also one with the same file."""
    one, other = Answer(session(WHERE)), Answer(session(WHERE))
    assert one() == one() != other()


def test_a_closed_session_begins_again_with_nothing(session):
    """Its next call is answered by another process, in which the file is loaded anew."""
    counts = session("import os\nkept = []\ndef f():\n kept.append(1)\n return len(kept)")
    assert [Answer(counts)(), Answer(counts)()] == [1, 2]
    counts.close()
    assert Answer(counts)() == 1


@pytest.mark.parametrize(
    ("body", "fault"),
    [
        pytest.param("while True: pass", faults.TimedOut, id="loop"),
        pytest.param("import os; os._exit(0)", faults.Crashed, id="exit"),
        pytest.param("bytearray(8 * 2**30)", faults.Raised, id="memory"),
    ],
)
def test_what_goes_wrong_ends_its_worker(session, body, fault):
    """The next call of the same answer gets another one."""
    bad = session("kept = []\ndef f(again):\n if not again: return kept\n kept.append(1)\n " + body)
    with pytest.raises(fault):
        Answer(bad)(True)
    assert Answer(bad)(False) == []


def test_a_file_that_does_not_load_is_not_loaded_again(session):
    """It will not load the next time either, and half of it may have run."""
    bad = session("import os\nx = 1\nraise ValueError(os.getpid())")
    told = []
    for _ in range(2):
        with pytest.raises(faults.NotLoaded, match="stops while it is loaded") as caught:
            Answer(bad)()
        told.append(str(caught.value))
    assert told[0] == told[1]


def test_a_clean_worker_ends_with_its_session(session):
    """No other session's models are rebuilt in it."""
    processes = []
    for _ in range(2):
        one = session(WHERE)
        assert one.clean().ask({"do": "rebuild", "model": {}})["fault"]["kind"] == "unusable"
        processes.append(one._clean._process)
        one.close()
        assert not one._clean.lives
    assert processes[0] != processes[1]


def test_what_is_drawn_for_a_model_does_not_depend_on_those_before_it():
    """Everything is seeded before a model is rebuilt, as it is before a file is loaded."""
    seeded = []
    host = Host(afresh=lambda: seeded.append(True))
    for _ in range(2):
        host.respond(*codec.dumps({"do": "rebuild", "model": {}}))
    assert len(seeded) == 2


def test_why_a_worker_could_not_give_up_what_it_should_is_told(sandbox, monkeypatch):
    """Whoever has to mend the sandbox reads more than a number."""
    monkeypatch.setattr(seccomp, "program", lambda **_: bytes(8))  # no filter that a kernel takes
    zygote = Zygote.start(sandbox, preload=())
    # It ends by itself with 1, unless it is stopped before, since what it said has been read.
    with pytest.raises(isolation.NoSandbox, match=r"status (256|9), OSError.*not be installed"):
        zygote.fork()
    zygote.close()
