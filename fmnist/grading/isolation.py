"""Sandboxes: how strong a wall this machine can build, and the command that builds it.

    A  bubblewrap (own process, network, IPC and file-system namespaces, nothing writable), a
       system call filter, limits of memory and files, an ordinary user
    D  a process of its own with limits, and no wall; only when asked for by name

The levels between (kernel filters without namespaces, another user) are not built yet. A level
counts only after a worker at that level has failed to do what it must not be able to do.
"""

import os
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path

import fmnist

NOBODY = 65534
PACKAGE = Path(fmnist.__file__).parent
# All of the project that a worker can see, below a folder of its own.
VISIBLE = ("__init__.py", "answer", "grading/__init__.py", "grading/zygote.py")
INSIDE = "/course"
START = (
    f"import sys; sys.path.insert(0, {INSIDE!r}); from fmnist.grading.zygote import main; main()"
)


class NoSandbox(Exception):
    """The isolation that was asked for is not to be had here; the message says what to do."""


@dataclass(frozen=True)
class Level:
    """One strength of isolation.

    Attributes:
        letter: A or D.
        meaning: in a few words, for reports.
    """

    letter: str
    meaning: str


LEVELS = {
    "A": Level("A", "bubblewrap, system call filter, limits"),
    "D": Level("D", "a process with limits, no sandbox"),
}


def command(level: Level) -> list[str]:
    """Return the command that starts a zygote at this level; its standard input is the control.

    Raises:
        NoSandbox: the level needs a program that is missing, or another user.
    """
    if level.letter == "D":
        if os.getuid() == 0:
            raise NoSandbox("Isolation D runs submissions unprotected, so never as root.")
        start = START.replace(INSIDE, str(PACKAGE.parent))
        return [sys.executable, "-I", "-B", "-c", start]
    bwrap = shutil.which("bwrap")
    if bwrap is None:
        raise NoSandbox(
            "Isolation A needs bubblewrap, which is missing (Debian, Ubuntu: apt install "
            "bubblewrap). Without it: --isolation D, for submissions that you trust."
        )
    return [bwrap, *_namespaces(), *_files(), sys.executable, "-I", "-B", "-c", START]


def _namespaces() -> list[str]:
    options = ["--unshare-pid", "--unshare-net", "--unshare-ipc", "--unshare-uts"]
    options += ["--unshare-cgroup-try", "--die-with-parent", "--new-session", "--clearenv"]
    options += ["--hostname", "worker", "--cap-drop", "ALL"]
    if os.getuid() == 0:  # the zygote drops to an ordinary user, for which it needs these two
        options += ["--cap-add", "CAP_SETUID", "--cap-add", "CAP_SETGID"]
    else:
        options += ["--unshare-user"]
    environment = {
        "PATH": "/usr/bin",
        "HOME": "/",
        "LANG": "C.UTF-8",
        "PYTHONHASHSEED": "0",
        "KERAS_BACKEND": "tensorflow",
        "TF_CPP_MIN_LOG_LEVEL": "3",
        "CUDA_VISIBLE_DEVICES": "-1",
    }
    for name, value in environment.items():
        options += ["--setenv", name, value]
    return options


def _files() -> list[str]:
    """Return the options that show the interpreter, read-only, and nothing else."""
    system = ["/usr", "/lib", "/lib64", "/etc/ld.so.cache", sys.base_prefix, sys.prefix]
    shown = {folder: folder for folder in system}
    shown |= {f"{INSIDE}/fmnist/{name}": str(PACKAGE / name) for name in VISIBLE}
    options = []
    for inside, outside in shown.items():
        # bubblewrap makes missing parents for itself alone; the worker is another user.
        for parent in reversed(Path(inside).parents[:-1]):
            options += ["--perms", "0755", "--dir", str(parent)]
        options += ["--ro-bind-try", outside, inside]
    options += ["--perms", "0755", "--dir", "/dev"]
    for device in ("null", "random", "urandom", "zero"):
        options += ["--dev-bind", f"/dev/{device}", f"/dev/{device}"]
    return [*options, "--proc", "/proc", "--remount-ro", "/", "--chdir", "/"]


# What a worker at level A must fail to do. Each line is tried by a file loaded like a student's.
PROBE = """
import fcntl, mmap, os, socket

def attempts(secret):
    tries = {
        "open a socket": lambda: socket.socket(),
        "start a process": lambda: os.fork(),
        "write a file": lambda: open("/dev/shm/probe", "w"),
        "write into the sandbox": lambda: open("/probe", "w"),
        "read the grader's files": lambda: open(secret),
        "read another process": lambda: open(f"/proc/{os.getppid()}/mem", "rb"),
        "signal another process": lambda: os.kill(os.getppid(), 0),
        "have the kernel signal it": lambda: fcntl.fcntl(0, fcntl.F_SETOWN, os.getppid()),
        "slow another process": lambda: os.sched_setaffinity(os.getppid(), {0}),
        "take shared memory": lambda: mmap.mmap(-1, 4096),
        "be root": lambda: os.setuid(0),
    }
    done = []
    for name, attempt in tries.items():
        try:
            attempt()
        except OSError:
            continue
        done.append(name)
    return done
"""
