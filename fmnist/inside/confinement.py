"""What a worker gives up before it runs a student's code: its user, memory and system calls.

All that can be got ready is got ready in the zygote: a fork copies each page that it touches.
"""

import contextlib
import ctypes
import ctypes.util
import os
import resource
import signal
import struct
from collections.abc import Callable
from pathlib import Path
from typing import Any

PR_SET_PDEATHSIG = 1
PR_SET_DUMPABLE = 4
PR_SET_SECCOMP = 22
PR_SET_NO_NEW_PRIVS = 38
SECCOMP_MODE_FILTER = 2
CLONE_NEWUSER = 0x10000000
CAPABILITIES = struct.Struct("IiIIIIII")  # a header, then two words of three sets
CAPABILITY_VERSION = 0x20080522
CAP_KILL, CAP_SETGID, CAP_SETUID = 5, 6, 7

# How the kernel counts the tasks of a worker apart from those of others, the strongest first.
BY_USER, BY_NAMESPACE, BY_ALLOWANCE = range(3)


def addresses(processes: int) -> int:
    """Return the bytes of addresses that this process has; 0 where nobody says.

    Args:
        processes: descriptor of the folder that tells of processes, which a sandbox need not show.
    """
    try:
        told = os.open("self/statm", os.O_RDONLY, dir_fd=processes)
        with os.fdopen(told, encoding="ascii") as file:
            return int(file.read().split()[0]) * resource.getpagesize()
    except OSError:
        return 0


class Confinement:
    """The bounds of all workers of a zygote.

    It is made while files can still be read.

    Args:
        settings: as the grader sends them, see `zygotes`.

    Attributes:
        counting: how tasks are counted, see above.
    """

    def __init__(self, settings: dict[str, Any]):
        self._libc = ctypes.CDLL(None, use_errno=True)
        self._null = os.open(os.devnull, os.O_RDWR)
        self._last = os.sysconf("SC_OPEN_MAX")
        self._users = settings["users"]
        processes = settings["processes"]
        self._addresses = addresses(processes) and addresses(processes) + settings["addresses"]
        os.close(processes)
        self._settings = settings
        self.counting = BY_ALLOWANCE
        self._limits: list[tuple[int, tuple[int, int]]] = []
        self._filter: Callable[[], None] | None = None

    def take_effect(self) -> None:
        """Close this process to its forks, and give up what none of them needs.

        Of root's powers those are left that give a worker its user, and end it.
        """
        if self._settings["landlock"]:
            self._close_files(self._settings["readable"])
        if self._users:
            os.setgroups([])
            self._keep(CAP_KILL, CAP_SETGID, CAP_SETUID)
            self.counting = BY_USER
        elif self._can_have_a_namespace():
            self.counting = BY_NAMESPACE
        self._close()
        tasks = self._settings["tasks"]
        if self.counting == BY_ALLOWANCE:
            tasks = self._settings["tasks_of_all"]
        limits = self._settings["limits"] | {"RLIMIT_NPROC": tasks}
        if self._addresses:
            limits["RLIMIT_AS"] = self._addresses
        for name, value in limits.items():
            kind = getattr(resource, name)
            _, hard = resource.getrlimit(kind)
            if hard != resource.RLIM_INFINITY:
                value = min(value, hard)
            self._limits.append((kind, (value, value)))
        if self._settings["seccomp"] is not None:
            self._filter = _filter_installer(self._libc, bytes(self._settings["seccomp"]))

    def give_up(self, descriptor: int, parent: int) -> None:
        """Leave this process, a worker, one socket, its own bounds and the calls that it needs.

        Raises:
            OSError: the kernel does not take something from it.
        """
        for standard in (0, 1, 2):
            os.dup2(self._null, standard)
        os.closerange(3, descriptor)
        os.closerange(descriptor + 1, self._last)
        if self._settings["landlock"] and self._settings["threads"]:
            self._close_files([])  # others open none: their filter does not let them
        if self._settings["threads"]:
            os.setsid()  # the kernel may share processors out by sessions
        if self.counting == BY_USER:
            first, count = self._users
            user = first + int.from_bytes(os.urandom(8), "big") % count
            os.setresgid(user, user, user)
            os.setresuid(user, user, user)
        elif self.counting == BY_NAMESPACE:
            self._unshare()
        if self.counting != BY_ALLOWANCE:
            self._keep()
            self._close()  # the kernel opens a process whose user changes
        self.end_with(parent)
        for kind, bounds in self._limits:
            with contextlib.suppress(OSError, ValueError):  # some systems know a limit by name only
                resource.setrlimit(kind, bounds)
        if self._filter is not None:
            self._filter()

    def end_with(self, parent: int) -> None:
        """Have the kernel end this process when its parent ends."""
        if hasattr(self._libc, "prctl"):
            self._libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
            if os.getppid() != parent:  # it was quicker
                os._exit(1)

    def _close_files(self, readable: list[str]) -> None:
        _close_files(readable, required=self._settings["landlock"] == "required")

    def _close(self) -> None:
        """Close this process to others, which could open its memory through /proc."""
        if hasattr(self._libc, "prctl"):
            self._libc.prctl(PR_SET_DUMPABLE, 0, 0, 0, 0)

    def _keep(self, *capabilities: int) -> None:
        """Have no capabilities but these."""
        mask = sum(1 << one for one in capabilities)
        wanted = CAPABILITIES.pack(CAPABILITY_VERSION, 0, mask, mask, 0, 0, 0, 0)
        header = ctypes.create_string_buffer(wanted[:8], 8)
        sets = ctypes.create_string_buffer(wanted[8:], 24)
        if self._libc.capset(header, sets) != 0:
            raise OSError(ctypes.get_errno(), "capabilities could not be given up")

    def _unshare(self) -> None:
        if self._libc.unshare(CLONE_NEWUSER) != 0:
            raise OSError(ctypes.get_errno(), "no user namespace")

    def _can_have_a_namespace(self) -> bool:
        """Try it in a fork: many systems have it and refuse it."""
        if not hasattr(self._libc, "unshare"):
            return False
        process = os.fork()
        if not process:
            status = 1
            try:
                self._unshare()
                self._keep()
                status = 0
            finally:
                os._exit(status)
        return os.waitpid(process, 0)[1] == 0


def _filter_installer(libc: ctypes.CDLL, program: bytes) -> Callable[[], None]:
    """Return what has the kernel check every system call of its process from then on."""

    class Program(ctypes.Structure):
        _fields_ = (("length", ctypes.c_ushort), ("instructions", ctypes.c_char_p))

    filter_ = Program(len(program) // 8, program)  # eight bytes an instruction
    pointer = ctypes.byref(filter_)

    def install() -> None:
        if (
            libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0
            or libc.prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, pointer, 0, 0) != 0
        ):
            raise OSError(ctypes.get_errno(), "the system call filter could not be installed")

    return install


def _close_files(readable: list[str], *, required: bool) -> None:
    """Have the kernel refuse this process and its forks all files but these, and all writing."""
    # py-landlock (seen in 0.1.1) looks for the C library with what ctypes has for it, which runs
    # compilers that a sandbox does not have. What it is given is the name that glibc has.
    ctypes.util.find_library = {"c": "libc.so.6"}.get  # type: ignore[assignment]
    import py_landlock
    from py_landlock import AccessFs

    wall = py_landlock.Landlock(strict=False)
    try:
        for place in readable:
            folder = AccessFs.READ_DIR if Path(place).is_dir() else AccessFs(0)
            wall.add_path_rule(place, access=AccessFs.READ_FILE | folder)
        wall.add_path_rule(os.devnull, access=AccessFs.READ_FILE | AccessFs.WRITE_FILE)
        wall.add_path_rule("/dev/urandom", access=AccessFs.READ_FILE)
        wall.apply()
    except py_landlock.LandlockError:
        if required:
            raise
