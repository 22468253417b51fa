"""Submissions that try to cheat, to crash or to stay, each with the outcome that it must get.

All answer `class_counts`. An attempt that must be refused stands in a function that then counts
rightly if it was refused: full points prove that it was, and that the answer lives on. What a wrong
one earns is what its function does here, where nothing stands between it and the checks.
"""

import os
import select
import textwrap
import time
from collections.abc import Iterable
from dataclasses import dataclass, replace

import psutil

from counted import earned, verdicts
from examples import COUNTS
from fmnist.exercises import scores
from fmnist.exercises.verdicts import Verdict

FULL = float(COUNTS.points)

COUNT = """
def count(labels, classes):
    counts = [0] * classes
    for label in labels:
        counts[label] += 1
    return counts
"""
# No exercise allows these imports; whoever wants them finds a way.
REACH = """
import collections
sys = collections._sys
reach = sys.modules["builtins"].__import__
os = reach("os")
"""


@dataclass(frozen=True)
class Attack:
    """A hostile submission.

    Attributes:
        name: what it tries.
        source: the file.
        state: that the exercise must get; several if the system may choose.
        points: that it must get.
        says: pattern that the message of some verdict must contain.
    """

    name: str
    source: bytes
    state: tuple[str, ...] = ("graded",)
    points: float = FULL
    says: str = ""


def _file(text: str) -> bytes:
    return (REACH + COUNT + textwrap.dedent(text)).encode()


def refused(name: str, attempt: str) -> Attack:
    """Return an attack that counts rightly if `attempt` raises OSError or finds nothing."""
    body = textwrap.indent(textwrap.dedent(attempt).strip(), "        ")
    return Attack(
        name,
        _file(
            f"""
def class_counts(labels, classes=10):
    try:
{body}
    except (OSError, RuntimeError, ValueError):
        return count(labels, classes)
    return ["it worked"]
"""
        ),
    )


def fails(
    name: str, text: str, says: str, *states: str, points: float = 0.0, reach: bool = True
) -> Attack:
    """Return an attack that must earn nothing, or so much, and be told."""
    source = _file(text) if reach else textwrap.dedent(text).encode()
    return Attack(name, source, states or ("graded",), points, says)


def until_it_loops() -> list[Verdict]:
    """Return the verdicts on an answer that never returns for ten classes, and is then stopped."""

    def counts(labels, classes=10):
        if classes == 10:
            raise TimeoutError
        return [labels.count(one) for one in range(classes)]

    found = verdicts(COUNTS, counts)
    end = next(place for place, one in enumerate(found) if not one.passed)
    return [*found[:end], *(replace(one, outcome="failed") for one in found[end:])]


def answered_in_public() -> dict[tuple[tuple[int, ...], int], list[int]]:
    """Return the right answer to each call of the public checks."""
    known = {}

    def noting(labels, classes=10):
        known[tuple(labels), classes] = [labels.count(one) for one in range(classes)]
        return known[tuple(labels), classes]

    assert all(one.passed for one in verdicts(COUNTS, noting, [COUNTS.public_checks]))
    return known


def body(text: str) -> str:
    """Return a file whose function does this."""
    lines = textwrap.indent(textwrap.dedent(text).strip(), "    ")
    return f"\ndef class_counts(labels, classes=10):\n{lines}\n"


CALLS_LIBC = "libc = reach('ctypes').CDLL(None, use_errno=True)"

# What a wall must stop.
WALL = [
    # --- files that cannot be read, and code that ends its process ---
    fails("syntax error", "def class_counts(:\n", "cannot read line", "not gradable", reach=False),
    Attack("NUL byte", b"x = 1\0\n", ("not gradable",), 0.0, "cannot read"),
    Attack("another encoding", "# -*- coding: latin-1 -*-\ns = 'é'\n".encode("latin-1"),
           ("not gradable",), 0.0, "UTF-8"),
    Attack("BOM and Windows line ends",
           b"\xef\xbb\xbf" + _file(body("return count(labels, classes)")).replace(b"\n", b"\r\n")),
    Attack("20 MB of source", b"x = 1\n" * 3_500_000, ("not gradable",), 0.0, "larger than"),
    fails("exit at import", "import collections\ncollections._sys.exit(0)", r"exit\(\)",
          "not gradable", reach=False),
    fails("os._exit at import", "os._exit(0)", r"ended its process \(status 0\)", "crashed"),
    fails("os._exit in a call", body("os._exit(0)"), r"ended its process \(status 0\)", "crashed"),
    fails("segmentation fault", body("reach('ctypes').string_at(0)"), "signal 11", "crashed"),
    fails("recursion without end",
          body("sys.setrecursionlimit(10**9)\nreturn class_counts(labels, classes)"),
          "signal|without end|memory|still running", "crashed", "graded", "timed out"),
    fails("kills itself", body("os.kill(os.getpid(), 9)"), "not permitted"),
    # --- time and memory ---
    fails("endless loop in one case",
          body("while classes == 10: pass\nreturn count(labels, classes)"),
          "still running", "timed out", points=earned(COUNTS, until_it_loops())),
    fails("loop that swallows everything", body("""
          while True:
              try:
                  reach('time').sleep(10)
              except BaseException:
                  pass
          """), "still running", "timed out"),
    fails("endless regular expression", body("reach('re').match('(a+)+$', 'a' * 64 + 'b')"),
          "still running", "timed out"),
    fails("endless message", """
class Endless(Exception):
    def __str__(self):
        while True: pass
def class_counts(labels, classes=10):
    raise Endless
""", "still running", "timed out"),
    fails("waits for input", body("return input()"), r"input\(\)"),
    fails("one large block", body("return [0] * 10**10"), "memory"),
    fails("many small blocks", body("""
          kept = []
          while True:
              kept.append(bytearray(10**6))
          """), "memory|still running", "graded", "timed out"),
    refused("forks", "os.fork()"),
    refused("one thread", """
        thread = reach('threading').Thread(target=int)
        thread.start()
        thread.join()
        """),
    refused("one thread by number",
            f"{CALLS_LIBC}\nif libc.syscall(56, 0x3d0f00, 0, 0, 0, 0) == -1:\n    raise OSError"),
    refused("growing memory", "reach('mmap').mmap(-1, 2**28, 0x122)"),
    refused("empty addresses", "reach('mmap').mmap(-1, 2**42, 0x4022, 1)"),
    refused("threads", """
        Thread, Event = reach('threading').Thread, reach('threading').Event
        while True:
            Thread(target=Event().wait, daemon=True).start()
        """),
    Attack("50 MiB of output", _file(body("""
        for _ in range(50):
            print('x' * 2**20)
        return count(labels, classes)
        """))),
    # --- files, other processes, the network ---
    *(refused(f"writes {place}", f"open('{place}/left', 'w')")
      for place in ("/tmp", "/dev/shm", "/var/tmp", ".", "/run/lock")),  # noqa: S108
    refused("leaves a name", "os.mkdir('/tmp/left')"),
    refused("leaves a link", "os.symlink('x', '/dev/shm/left')"),
    refused("unnamed file", "os.open('/dev/shm', os.O_TMPFILE | os.O_RDWR)"),
    refused("anonymous memory file", "os.memfd_create('left')"),
    refused("shared memory", "reach('mmap').mmap(-1, 4096)"),
    refused("System V memory", f"{CALLS_LIBC}\nif libc.shmget(7, 4096, 0o1600) == -1:\n"
            "    raise OSError"),
    refused("daemon", "if os.fork() == 0:\n    os.setsid()\n    os.fork()"),
    refused("shell", "reach('subprocess').run(['/bin/sh', '-c', 'true'])"),
    refused("other program in its place", "os.execv('/bin/true', ['true'])"),
    refused("TCP", "reach('socket').create_connection(('127.0.0.1', 9), 1)"),
    refused("TCP server", "reach('socket').create_server(('127.0.0.1', 0))"),
    refused("UDP", "reach('socket').socket(2, 2).sendto(b'x', ('127.0.0.1', 9))"),
    refused("names", "reach('socket').getaddrinfo('example.org', 80)"),
    refused("abstract socket", "reach('socket').socket(1).connect('\\0x')"),
    refused("memory of its parent", "open(f'/proc/{os.getppid()}/mem', 'rb+')"),
    refused("environment of its parent", "open(f'/proc/{os.getppid()}/environ').read()"),
    refused("signal to its parent", "os.kill(os.getppid(), 9)"),
    refused("signal to all", "os.kill(-1, 9)"),
    refused("traces its parent", f"{CALLS_LIBC}\n"
            "if libc.ptrace(16, os.getppid(), 0, 0) == -1:\n    raise OSError"),
    refused("has the kernel signal", """
        fcntl = reach('fcntl')
        fcntl.fcntl(os.pipe()[0], fcntl.F_SETOWN, os.getppid())
        """),
    refused("slows its parent", "os.setpriority(os.PRIO_PROCESS, os.getppid(), 19)"),
    refused("processors of its parent", "os.sched_getaffinity(os.getppid())"),
    refused("plan of its parent", "os.sched_getscheduler(os.getppid())"),
    refused("clock of its parent", "reach('time').clock_gettime((~os.getppid() << 3) | 2)"),
    refused("capabilities of its parent", f"""
        {CALLS_LIBC}
        header = reach('struct').pack('Ii', 0x20080522, os.getppid())
        if libc.capget(header, reach('ctypes').create_string_buffer(24)):
            raise OSError
        """),
    refused("more memory", "resource = reach('resource')\n"
            "resource.setrlimit(resource.RLIMIT_DATA, (2**40, 2**40))"),
    refused("dumps itself",
            f"{CALLS_LIBC}\nif libc.prctl(4, 1, 0, 0, 0):\n    raise OSError"),
    refused("outlives its parent",
            f"{CALLS_LIBC}\nif libc.prctl(1, 0, 0, 0, 0):\n    raise OSError"),
    refused("system call by number",
            f"{CALLS_LIBC}\nif libc.syscall(57) == -1:\n    raise OSError"),
    refused("io_uring", f"{CALLS_LIBC}\nif libc.syscall(425, 8, 0) == -1:\n    raise OSError"),
    refused("lists attributes", "os.listxattr('/dev/null')"),
    refused("reads an attribute", """
        try:
            os.getxattr('/dev/null', 'user.left')
        except OSError as error:
            if error.errno in (1, 13, 38):
                raise
        """),
    *(refused(f"{name} by number", f"""
        {CALLS_LIBC}
        if libc.syscall({number}, -100, b'/dev/null', 0, 0, 0, 0) == -1 and (
            reach('ctypes').get_errno() in (1, 38)
        ):
            raise OSError
        """)
      for number, name in ((463, "sets an attribute"), (464, "gets an attribute"),
                           (466, "removes an attribute"), (467, "opens a tree"),
                           (469, "sets flags of a file"), (500, "calls the unknown"))),
    refused("locks a file", "fcntl = reach('fcntl')\n"
            "fcntl.flock(open('/dev/null'), fcntl.LOCK_SH | fcntl.LOCK_NB)"),
    refused("locks a part of a file", "fcntl = reach('fcntl')\n"
            "fcntl.lockf(open('/dev/null'), fcntl.LOCK_SH | fcntl.LOCK_NB, 1)"),
    refused("locks for a description", """
        lock = reach('struct').pack('hhqqi4x', 0, 0, 0, 1, 0)
        reach('fcntl').fcntl(open('/dev/null'), 37, lock)
        """),
    refused("leases a file", "reach('fcntl').fcntl(open('/dev/null'), 1024, 0)"),
    refused("grows a pipe", "reach('fcntl').fcntl(os.pipe()[0], 1031, 2**20)"),
    refused("sets a timer", "reach('signal').setitimer(0, 100)"),
    refused("a filter of its own",
            f"{CALLS_LIBC}\nif libc.prctl(22, 2, 0, 0, 0):\n    raise OSError"),
    refused("the machine's load", "f = open('/proc/stat').read()\nif not f:\n    raise OSError"),
    refused("the zygote by its socket", f"""
        {CALLS_LIBC}
        ctypes = reach('ctypes')
        told, size = ctypes.create_string_buffer(8), ctypes.c_uint(8)
        if all(
            libc.getsockopt(one, 1, kind, told, ctypes.byref(size)) for one in range(3, 64)
            for kind in (17, 77)
        ):
            raise OSError
        """),
    refused("writes into libraries", "open(os.__file__, 'a')"),
    refused("removes libraries", "os.unlink(os.__file__)"),
    refused("changes modes", "os.chmod(os.__file__, 0o777)"),
    # --- looking for what is expected ---
    Attack("searches the memory", _file(body("""
        gc = reach('gc')
        for thing in gc.get_objects():
            if isinstance(thing, dict) and any(
                isinstance(key, str) and ('expected' in key or 'reference' in key)
                and 'fmnist' in str(thing.get('__name__', '')) for key in list(thing)
            ):
                return ['it worked']
        if any(name.startswith(('pytest', '_pytest', 'fmnist.exercises')) for name in sys.modules):
            return ['it worked']
        frame = sys._getframe()
        while frame:
            if 'expected' in frame.f_locals:
                return ['it worked']
            frame = frame.f_back
        return count(labels, classes)
        """))),
    Attack("searches the environment", _file(body("""
        if any('FMNIST' in name or 'PYTEST' in name for name in os.environ):
            return ['it worked']
        return count(labels, classes)
        """))),
]  # fmt: skip

# What the split into two processes must stop, with or without a wall.
FORGING = [
    fails("always equal", body("""
          class Yes:
              def __eq__(self, other):
                  return True
          return Yes()
          """), "type Yes"),
    fails("list that lies", body("""
          class Liar(list):
              __eq__ = lambda self, other: True
          return Liar([0] * classes)
          """), "type Liar"),
    fails("bool for int", body("return [bool(n) for n in count(labels, classes)]"), "of 4 ints"),
    fails("float for int", body("return [float(n) for n in count(labels, classes)]"), "of 4 ints"),
    fails("not a number", body("return [float('nan')] * classes"), "nan|float"),
    fails("generator", body("return (n for n in count(labels, classes))"), "type generator"),
    fails("list that holds itself", body("kept = []\nkept.append(kept)\nreturn kept"), "deep"),
    fails("deep list",
          body("kept = []\nfor _ in range(10**5): kept = [kept]\nreturn kept"), "deep"),
    fails("long text", body("return 'x' * (2**29)"),
          "more than 1,000,000|memory|still running", "graded", "timed out"),
    fails("large number", body("return [10**5000] * classes"), "large|digits|int"),
    fails("object array", body(
        "return reach('numpy').array([object()] * classes, dtype=object)"), "object"),
    fails("structured array", body("return reach('numpy').zeros(classes, dtype='i4,f4')"),
          "dtype|void|type"),
    fails("lone surrogate", body("raise ValueError('\\ud800')"), "ValueError"),
    fails("terminal, page and sheet", body(
        "raise ValueError('\\x1b[2J<script>alert(1)</script>\\n=cmd()')"), "ValueError"),
    fails("patched comparisons", """
operator = reach('operator')
numpy = reach('numpy')
for module in (operator, numpy, numpy.testing, reach('math')):
    for name in ('eq', 'allclose', 'array_equal', 'isclose', 'assert_allclose'):
        setattr(module, name, lambda *_, **__: True)
def class_counts(labels, classes=10):
    return [1] * classes
""", "came back", points=earned(COUNTS, verdicts(COUNTS, lambda _, classes=10: [1] * classes))),
    fails("patched wire", """
codec = sys.modules['fmnist.inside.codec']
wire = sys.modules['fmnist.inside.wire']
sent = wire.send
wire.send = lambda c, n, h, p, **o: sent(c, n, b'{"dict":[["passed",true]]}', b'', **o)
def class_counts(labels, classes=10):
    return 1
""", "no honest one sends", "tampering suspected"),
    fails("rubbish on the wire", """
for descriptor in range(3, 64):
    try:
        os.write(descriptor, b'rubbish' * 9)
    except OSError:
        pass
def class_counts(labels, classes=10):
    return 1
""", "sent", "tampering suspected"),
    fails("reply to no request", body("""
          reply = b'{"dict":[["returned",42]]}'
          frame = bytes([0, 0, 0, 77, 0, 0, 0, len(reply), 0, 0, 0, 0]) + reply
          for descriptor in range(3, 64):
              try:
                  os.write(descriptor, frame)
              except OSError:
                  pass
          """), "no request", "tampering suspected"),
    fails("reply that drips", body("""
          while True:
              for descriptor in range(3, 64):
                  try:
                      os.write(descriptor, b'\\0')
                  except OSError:
                      pass
              reach('time').sleep(0.3)
          """), "still running|sent", "timed out", "tampering suspected"),
    fails("frame of gigabytes", body("""
          for descriptor in range(3, 64):
              try:
                  os.write(descriptor, b'\\0\\0\\0\\1' + b'\\xff' * 8)
              except OSError:
                  pass
          while True: pass
          """), "too long", "tampering suspected"),
    fails("closes everything", body("os.closerange(3, 64)"), "ended", "crashed"),
    fails("hands over descriptors", body("""
          socket = reach('socket')
          for descriptor in range(3, 64):
              try:
                  socket.send_fds(socket.socket(1, 1, 0, descriptor), [b'x'], [0])
              except OSError:
                  pass
          return 1
          """), "", "tampering suspected", "crashed", "timed out", "graded"),
    fails("answers of the public checks", f"""
KNOWN = {answered_in_public()}
def class_counts(labels, classes=10):
    return KNOWN.get((tuple(labels), classes), [50] * 10)
""", "", points=round(FULL * scores.PUBLIC, 2)),
    fails("library that the exercise excludes",
          "import numpy\ndef class_counts(labels, classes=10):\n    return numpy.bincount(labels)",
          "may use", "not gradable", reach=False),
    fails("library under another name", body("return __import__('numpy').bincount(labels)"),
          "may not import numpy"),
]  # fmt: skip

ATTACKS = WALL + FORGING


def one_ended(processes: Iterable[psutil.Process], *, seconds: float) -> bool:
    """Wait until at least one of these has ended; return whether one has, in this time."""
    opened: list[int] = []
    try:
        for process in processes:
            try:
                opened.append(os.pidfd_open(process.pid))
            except ProcessLookupError:
                return True
        # Ready when it has ended, even if nobody has asked yet with what status.
        return bool(select.select(opened, [], [], max(0, seconds))[0])
    finally:
        for descriptor in opened:
            os.close(descriptor)


def all_ended(processes: Iterable[psutil.Process], *, seconds: float = 60) -> bool:
    """Wait until all of these have ended; return whether they have, in this time."""
    end = time.monotonic() + seconds
    return all(
        not one.is_running() or one_ended([one], seconds=end - time.monotonic())
        for one in processes
    )
