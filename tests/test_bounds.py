"""Each worker has bounds of its own: what one takes, another does not miss."""

import contextlib
import dataclasses
import os
import textwrap
import threading
import time

import pytest

from fmnist.answer import faults
from fmnist.answer.proxy import Answer
from fmnist.course import ROOT
from fmnist.grading.sandbox import selftest, zygotes
from fmnist.grading.sandbox.isolation import LEVELS
from fmnist.grading.sandbox.workers import Clock, Worker, WorkerSession
from fmnist.grading.sandbox.zygotes import MIB, TASKS, WANTED, Zygote

USED = ("ctypes", "fcntl", "mmap", "os", "resource", "threading", "time")
# Threads that the C library starts, as many as there may be.
BOMB = """
import ctypes, time
libc = ctypes.CDLL(None, use_errno=True)
attr = ctypes.create_string_buffer(64)
libc.pthread_attr_init(attr)
libc.pthread_attr_setstacksize(attr, ctypes.c_size_t(65536))
thread = ctypes.c_ulong()
libc.mmap.restype = ctypes.c_void_p
libc.mmap.argtypes = [ctypes.c_void_p, ctypes.c_size_t, *[ctypes.c_int] * 3, ctypes.c_long]
page = libc.mmap(None, 4096, 7, 0x22, -1, 0)
IDLE, SPINNING = bytes.fromhex("b8220000000f05ebf7"), b"\\xeb\\xfe"

def f(code):
    code = IDLE if code == "idle" else SPINNING
    ctypes.memmove(page, code, len(code))
    started = 0
    while libc.pthread_create(ctypes.byref(thread), attr, ctypes.c_void_p(page), None) == 0:
        started += 1
    return started
"""
# As many threads as a model needs, and a second of computing.
HONEST = """
import threading, time
def f(threads, seconds):
    over = threading.Event()
    for _ in range(threads):
        threading.Thread(target=over.wait, daemon=True).start()
    over.set()
    while time.process_time() < seconds:
        pass
    return threads
"""


@pytest.fixture(scope="module", name="with_threads")
def _with_threads(level):
    """A zygote whose workers may start threads, as for those with TensorFlow."""
    with contextlib.closing(Zygote.start(level, preload=USED, threads=True)) as zygote:
        yield zygote


@pytest.fixture(scope="module", name="plain")
def _plain(level):
    """A zygote for plain answers."""
    with contextlib.closing(Zygote.start(level, preload=USED)) as zygote:
        yield zygote


@pytest.fixture(name="answer")
def _answer():
    """Make answers, which end with the test."""
    with contextlib.ExitStack() as ending:

        def answer(zygote: Zygote, source: str, *, seconds: float = 20) -> Answer:
            worker = Worker(lambda: zygote)
            source = textwrap.dedent(source)
            session = WorkerSession("f", source, imports=USED, worker=worker, seconds=seconds)
            ending.enter_context(contextlib.closing(session))
            return Answer(session)

        yield answer


@pytest.fixture(name="apart")
def _apart(level):
    """That the kernel counts the tasks of each worker apart; elsewhere this is not kept."""
    if "allowance" in level.bounds:
        pytest.xfail("this machine counts the tasks of all workers of a user together")


@pytest.mark.parametrize("threads", ["idle", "spinning"])
@pytest.mark.parametrize("order", ["after", "before"])
def test_threads_of_one_worker_leave_others_theirs(apart, with_threads, answer, threads, order):
    """Each may have as many as a model needs, and gets its time, also if it started before."""
    bob = answer(with_threads, HONEST, seconds=6)
    if order == "before":
        assert bob(1, 0) == 1
    eves = [answer(with_threads, BOMB) for _ in range(2)]
    for eve in eves:
        assert WANTED <= eve(threads) <= TASKS
    assert bob(WANTED, 1.0) == WANTED


@pytest.mark.parametrize("threads", ["idle", "spinning"])
def test_threads_of_a_worker_do_not_disprove_the_level(level, with_threads, answer, threads):
    """A process that begins to grade meanwhile tries the level, and the class goes on."""
    assert answer(with_threads, BOMB)(threads) >= WANTED
    assert selftest.proved(LEVELS[level.letter]).bounds == level.bounds


def test_threads_end_with_their_worker(apart, with_threads, answer):
    """A worker that follows can start as many again."""
    for _ in range(3):
        assert answer(with_threads, BOMB)("idle") >= WANTED


STARTS = {
    "a thread of Python's": "import threading\nthreading.Thread(target=int).start()",
    "a thread of the C library": (
        "if libc.pthread_create(BUFFER, None, libc.pause, None): raise OSError"
    ),
    "a thread by number": "if libc.syscall(56, 0x3d0f00, 0, 0, 0, 0) == -1: raise OSError",
    "a process by number": "if libc.syscall(56, 17, 0, 0, 0, 0) == -1: raise OSError",
    "a process in a new namespace": (
        "if libc.syscall(56, 0x10000000 | 17, 0, 0, 0, 0) == -1: raise OSError"
    ),
    "a process": "import os\nos.fork()",
}


@pytest.mark.parametrize("start", STARTS)
def test_a_plain_answer_starts_nothing(plain, answer, start):
    """It needs no thread, and no other process."""
    source = "import ctypes\nlibc = ctypes.CDLL(None, use_errno=True)\n"
    source += "BUFFER = ctypes.create_string_buffer(8)\ndef f():\n    try:\n"
    source += textwrap.indent(STARTS[start], " " * 8)
    source += "\n    except (OSError, RuntimeError):\n        return 'refused'\n    return 'done'\n"
    assert answer(plain, source)() == "refused"


MAPS = {
    # address, length, protection, flags
    "a stack of its own": "mmap.mmap(-1, 2**28, 0x122)",
    "huge pages": "mmap.mmap(-1, 2**28, 0x40022)",
    "addresses that nobody counts": "mmap.mmap(-1, 2**40, 0x4022, 0)",
    "zeros to be read, whose tables fill the memory": "mmap.mmap(-1, 2**38, 0x4022, 1)",
    "memory that is shared": "mmap.mmap(-1, 2**20, 0x21)",
    "half a limit again and again": "[mmap.mmap(-1, 2**29, 0x4022) for _ in range(3)]",
}


@pytest.mark.parametrize("taken", MAPS)
def test_memory_is_bounded_however_it_is_taken(plain, answer, taken):
    """Data, stacks, tables and addresses: nothing gets past the limit."""
    source = f"""
    import mmap
    def f():
        try:
            kept = {MAPS[taken]}
        except OSError:
            return "refused"
        return "done"
    """
    assert answer(plain, source)() == "refused"


def test_a_worker_that_fills_its_memory_stays_below_its_limit(plain, answer):
    """What is resident at the end is no more than the limit and what the zygote had."""
    source = """
    import mmap
    def f():
        kept = []
        try:
            while True:
                kept.append(mmap.mmap(-1, 2**24, 0x22))
                kept[-1][:] = bytes(2**24)
        except (MemoryError, OSError):
            return len(kept) * 16
    """
    session_answer = answer(plain, source)
    assert 500 < session_answer() <= zygotes.GIB // MIB


def test_limits_are_those_of_the_kernel(plain, with_threads, answer):
    """Of addresses and of the stack, too; nobody can raise them."""
    source = """
    import resource
    def f():
        kinds = "AS DATA STACK NPROC NOFILE FSIZE CORE".split()
        found = {kind: resource.getrlimit(getattr(resource, f"RLIMIT_{kind}")) for kind in kinds}
        raised = []
        for kind in kinds:
            try:
                resource.setrlimit(getattr(resource, f"RLIMIT_{kind}"), (2**40, 2**40))
            except (OSError, ValueError):
                continue
            raised.append(kind)
        return [found, raised]
    """
    for zygote, most in ((plain, 2 * zygotes.GIB), (with_threads, 16 * zygotes.GIB)):
        found, raised = answer(zygote, source)()
        assert raised == []
        assert all(soft == hard for soft, hard in found.values())
        assert 0 < found["AS"][0] < most
        assert found["STACK"][0] == 8 * MIB
        if "allowance" not in zygote.bounds:  # what a user has changes from one look to the next
            assert found["NPROC"][0] == zygote.tasks


def test_no_two_workers_are_one_user_to_the_kernel(plain, level, answer):
    """Where root grades each has a user of its own; elsewhere each a namespace."""
    if "allowance" in level.bounds:
        pytest.skip("this machine offers neither")
    own = answer(plain, "import os\ndef f(): return [os.getuid(), os.geteuid(), os.getgroups()]")
    other = answer(plain, "import os\ndef f(): return [os.getuid(), os.geteuid(), os.getgroups()]")
    (mine, *_), (theirs, *_) = own(), other()
    if os.getuid() == 0:
        assert mine != theirs
        assert 0 not in (mine, theirs)
    assert level.bounds.partition(" for each")[0] in ("a user of its own", "a user namespace")


def test_what_this_user_has_already_is_allowed_for():
    """Where the kernel counts all processes of a user, those there are cost nobody a thread."""
    before = zygotes._tasks_of(os.getuid())
    over = threading.Event()
    for _ in range(200):
        threading.Thread(target=over.wait, daemon=True).start()
    during = zygotes._tasks_of(os.getuid())
    settings = zygotes._settings(LEVELS["B"], (), threads=True)
    over.set()
    assert during >= before + 150  # others may end meanwhile
    assert settings["tasks_of_all"] >= before + 150 + WANTED


@pytest.mark.parametrize(
    ("lines", "users"),
    [
        ("0 0 4294967295\n", zygotes.USERS[0]),
        ("0 100000 65536\n", zygotes.USERS[1]),
        ("0 1000 1\n1 100000 65536\n", zygotes.USERS[1]),
        ("0 1000 1\n", (65534, 1)),
    ],
)
def test_users_are_those_that_the_machine_knows(tmp_path, monkeypatch, lines, users):
    """A container may have few."""
    (tmp_path / "uid_map").write_text(lines)
    monkeypatch.setattr(zygotes, "USER_MAP", tmp_path / "uid_map")
    assert tuple(zygotes._users()) == users


# --- the clock ---


def test_time_that_a_process_waited_for_a_processor_does_not_count(monkeypatch, tmp_path):
    """As the kernel tells it; but only so often."""
    now = [100.0]
    monkeypatch.setattr(time, "monotonic", lambda: now[0])
    clock = Clock(2.0, os.getpid())
    monkeypatch.setattr(clock, "_tasks", tmp_path)
    (tmp_path / "7").mkdir()
    (tmp_path / "7" / "schedstat").write_text("1000000000 0 1\n")
    clock._before = 0.0
    assert clock() == 2.0
    now[0] = 103.0
    assert clock() == -1.0
    (tmp_path / "7" / "schedstat").write_text("1000000000 1500000000 1\n")
    assert clock() == pytest.approx(0.5)
    (tmp_path / "8").mkdir()
    (tmp_path / "8" / "schedstat").write_text(f"1 {10**12} 1\n")
    assert clock() == pytest.approx(2.0 * 5 - 3.0)
    now[0] = 111.0
    assert clock() < 0


def test_a_loop_is_stopped_in_its_time(plain, answer):
    """Waiting for a processor is not what it does."""
    for body in ("while True: pass", "time.sleep(1000)"):
        started = time.monotonic()
        with pytest.raises(faults.TimedOut):
            answer(plain, f"import time\ndef f():\n    {body}", seconds=1)()
        assert 1 <= time.monotonic() - started < 15


# --- what can be seen ---


def test_those_that_share_an_interpreter_see_nothing_of_each_other(level, with_threads, answer):
    """Two who work together could tell each other numbers by what can be seen of a process."""
    source = """
    import os, time
    def see(process):
        return [
            what for what, ask in {
                "its processors": lambda: os.sched_getaffinity(process),
                "its plan": lambda: os.sched_getparam(process),
                "its clock": lambda: time.clock_gettime((~process << 3) | 2),
                "its open files": lambda: os.stat(f"/proc/{process}/fd").st_size,
                "its threads": lambda: os.stat(f"/proc/{process}/task").st_nlink,
                "all processes": lambda: os.listdir("/proc"),
            }.items() if succeeds(ask)
        ]
    def succeeds(ask):
        try:
            return bool(ask())
        except OSError:
            return False
    def f(process):
        return [os.getpid(), see(process)]
    """
    one, other = answer(with_threads, source), answer(with_threads, source)
    process, _ = one(0)
    assert other(process)[1] == []


def test_no_place_of_the_host_is_told(level, answer):
    """Bubblewrap's part of the wall: neither its command names places, nor does a walk find any."""
    if level.letter != "A":
        pytest.skip("only bubblewrap has a command that names places")
    bare = dataclasses.replace(level, landlock="", filtered=False)
    source = """
    import os
    def f(places):
        course = [f"{folder}/{name}" for folder, _, names in os.walk("/course") for name in names]
        command = open("/proc/self/cmdline").read()
        return [command, sorted(filter(os.path.exists, places)), course]
    """
    home = os.path.expanduser("~")  # noqa: PTH111
    hidden = ["/usr/src", "/usr/share/doc", "/usr/sbin", "/etc/passwd", "/home", str(ROOT), home]
    with contextlib.closing(Zygote.start(bare, preload=USED)) as zygote:
        told = answer(zygote, source)([*hidden, "/usr/local/share", "/usr/include"])
    command, found, course = told
    assert str(ROOT) not in command
    assert home not in command or home == "/"
    assert "ro-bind" not in command
    assert [place for place in found if place != home] == []
    assert {path.removeprefix("/course/fmnist/").split("/")[0] for path in course} == {
        "__init__.py",
        "inside",
    }
