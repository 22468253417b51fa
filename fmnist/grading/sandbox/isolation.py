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
import site
import sys
import sysconfig
from dataclasses import dataclass
from pathlib import Path

import fmnist
from fmnist.tools.user_errors import UserError

NOBODY = 65534
PACKAGE = Path(fmnist.__file__).parent
# All of the project that a worker can see, below a folder of its own.
VISIBLE = ("__init__.py", "inside")
INSIDE = "/course"
VENV = Path("/python")  # where a virtual environment is shown, which may lie in somebody's home
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
        bounds: by what a worker's tasks, processor and memory are bounded apart from those of
            others, as it was found out; empty for a level that was not tried.
    """

    letter: str
    meaning: str
    filtered: bool
    landlock: str
    bounds: str = ""


LEVELS = {
    level.letter: level
    for level in (
        Level("A", "bubblewrap, system call filter, Landlock, limits", True, "if there"),
        Level("B", "Landlock, system call filter, limits", True, "required"),
        Level("C", "another user, system call filter, limits", True, ""),
        Level("D", "a process with limits, no sandbox", False, ""),
    )
}


def command(level: Level, *, options_at: int = 0) -> list[str]:
    """Return the command that starts a zygote at this level; its standard input is the control.

    Args:
        level: of isolation.
        options_at: number of the file from which bubblewrap reads what `options` returns.

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
    python = _shown_at(sys.executable)
    return [bwrap, "--args", str(options_at), python, "-I", "-B", "-c", START]


def options(level: Level) -> bytes:
    """Return bubblewrap's options, which a sandbox could read in a command: they name places."""
    if level.letter != "A":
        return b""
    return b"".join(os.fsencode(option) + b"\0" for option in [*_namespaces(), *_files()])


def readable(level: Level) -> list[str]:
    """Return the folders and files that Landlock leaves open for reading in a worker."""
    if level.letter == "A":
        return [_shown_at(place) for place in _interpreter()] + [INSIDE]
    ours = [str(PACKAGE / name) for name in VISIBLE]
    return [place for place in [*_interpreter(), *ours] if Path(place).exists()]


def _interpreter() -> list[str]:
    # /usr/local and others below /usr can hold anything; a system's Python has its modules here.
    system = ["/lib", "/lib64", "/usr/lib", "/usr/lib64", "/usr/share/zoneinfo"]
    own = [sys.base_prefix]
    if sys.base_prefix in ("/usr", "/usr/local"):
        library = Path(sysconfig.get_config_var("LIBDIR") or "")
        shared = library / (sysconfig.get_config_var("INSTSONAME") or "none")
        major, minor = sys.version_info[:2]
        names = ("python", f"python{major}", f"python{major}.{minor}")
        own = [f"{sys.base_prefix}/bin/{name}" for name in names] + [str(shared)]
        own += [sysconfig.get_path(name) for name in ("stdlib", "platstdlib")]
    places = [*system, "/etc/ld.so.cache", *own, *site.getsitepackages()]
    if sys.prefix != sys.base_prefix:
        places.append(sys.prefix)
    there = [Path(place) for place in dict.fromkeys(places) if Path(place).exists()]
    return [str(place) for place in there if not set(there) & set(place.parents)]


def _shown_at(place: str) -> str:
    """Return where bubblewrap shows a place of this machine."""
    path = Path(place)
    if sys.prefix != sys.base_prefix and path.is_relative_to(sys.prefix):
        return str(VENV / path.relative_to(sys.prefix))
    return place


def _namespaces() -> list[str]:
    options = ["--unshare-pid", "--unshare-net", "--unshare-ipc", "--unshare-uts"]
    options += ["--unshare-cgroup-try", "--die-with-parent", "--new-session"]
    options += ["--hostname", "worker", "--cap-drop", "ALL"]
    if os.getuid() == 0:  # with these it gives each worker a user, and ends it
        for capability in ("CAP_SETUID", "CAP_SETGID", "CAP_KILL"):
            options += ["--cap-add", capability]
    else:
        options += ["--unshare-user"]
    return options


def _files() -> list[str]:
    """Return the options that show the interpreter, read-only, and nothing else."""
    shown = {_shown_at(place): place for place in _interpreter()}
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
    # Workers that share a zygote would see each other's processes. TensorFlow asks for the name and
    # the command of its own, and ends without them.
    options += ["--perms", "0755", "--dir", "/proc", "--perms", "0755", "--dir", "/proc/self"]
    options += ["--symlink", _shown_at(sys.executable), "/proc/self/exe"]
    options += ["--symlink", os.devnull, "/proc/self/cmdline"]
    return [*options, "--remount-ro", "/", "--chdir", "/"]
