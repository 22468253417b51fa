"""Sandboxes: how strong a wall this machine can build, and the command that builds it.

    A  bubblewrap: own process, network, IPC and file-system namespaces, nothing writable; with
       the system call filter, Landlock where the kernel has it, limits, an ordinary user
    B  the same without namespaces: Landlock shows the interpreter alone, and no file to write
    C  another user: what the grader keeps must not be open to all; for root on old kernels
    D  a process of its own with limits, and no wall; only when asked for by name

A level counts only after a worker at that level has failed to do what it must not be able to do.
"""

import os
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path

import fmnist
from fmnist.tools.user_errors import UserError

NOBODY = 65534
PACKAGE = Path(fmnist.__file__).parent
# All of the project that a worker can see, below a folder of its own.
VISIBLE = ("__init__.py", "inside")
INSIDE = "/course"
START = f"import sys; sys.path.insert(0, {INSIDE!r}); from fmnist.inside.zygote import main; main()"


class NoSandbox(UserError):
    """The isolation that was asked for is not to be had here; the message says what to do."""


@dataclass(frozen=True)
class Level:
    """One strength of isolation.

    Attributes:
        letter: A, the strongest, to D.
        meaning: in a few words, for reports.
        filtered: whether the kernel checks every system call.
        landlock: whether the kernel's Landlock closes files; "required", "if there" or "".
    """

    letter: str
    meaning: str
    filtered: bool
    landlock: str


LEVELS = {
    level.letter: level
    for level in (
        Level("A", "bubblewrap, system call filter, Landlock, limits", True, "if there"),
        Level("B", "Landlock, system call filter, limits", True, "required"),
        Level("C", "another user, system call filter, limits", True, ""),
        Level("D", "a process with limits, no sandbox", False, ""),
    )
}


def command(level: Level) -> list[str]:
    """Return the command that starts a zygote at this level; its standard input is the control.

    Raises:
        NoSandbox: the level needs a program that is missing, or another user.
    """
    if level.letter == "D" and os.getuid() == 0:
        raise NoSandbox("Isolation D runs submissions unprotected, so never as root.")
    if level.letter == "C" and os.getuid() != 0:
        raise NoSandbox("Isolation C gives submissions another user, which only root can do.")
    if level.letter != "A":
        start = START.replace(INSIDE, str(PACKAGE.parent))
        return [sys.executable, "-I", "-B", "-c", start]
    bwrap = shutil.which("bwrap")
    if bwrap is None:
        raise NoSandbox(
            "Isolation A needs bubblewrap, which is missing (Debian, Ubuntu: apt install "
            "bubblewrap)."
        )
    return [bwrap, *_namespaces(), *_files(), sys.executable, "-I", "-B", "-c", START]


def readable(level: Level) -> list[str]:
    """Return the folders and files that Landlock leaves open for reading in a worker."""
    if level.letter == "A":
        return ["/"]  # of the sandbox, which shows no more than a worker may see
    ours = [str(PACKAGE / name) for name in VISIBLE]
    return [place for place in [*_interpreter(), *ours] if Path(place).exists()]


def _interpreter() -> list[str]:
    # /usr/local and others below /usr can hold anything; a system's Python has its modules here.
    system = ["/lib", "/lib64", "/usr/lib", "/usr/lib64", "/usr/share/zoneinfo"]
    own = sys.base_prefix if sys.base_prefix != "/usr" else "/usr/bin"
    return [*system, "/etc/ld.so.cache", own, sys.prefix]


def _namespaces() -> list[str]:
    options = ["--unshare-pid", "--unshare-net", "--unshare-ipc", "--unshare-uts"]
    options += ["--unshare-cgroup-try", "--die-with-parent", "--new-session"]
    options += ["--hostname", "worker", "--cap-drop", "ALL"]
    if os.getuid() == 0:  # the zygote drops to an ordinary user, for which it needs these two
        options += ["--cap-add", "CAP_SETUID", "--cap-add", "CAP_SETGID"]
    else:
        options += ["--unshare-user"]
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
