"""What no worker behind a wall may manage: loaded there like a student's file, see `selftest`."""

# It may fork, open and leave open what it can; in a sandbox there is no pathlib to be imported.
# ruff: noqa: PTH102, PTH116, PTH120, PTH123, PTH208, S108, S606

import ctypes
import errno
import fcntl
import mmap
import os
import socket
import threading

# All architectures number calls alike from 424 on: these set, list and remove attributes, open
# trees of files; and all beyond them, which came after the filter was written.
LATEST = range(463, 512)
ADDRESSES = 2**40
MAP_GROWSDOWN, MAP_NORESERVE = 0x0100, 0x4000
MADV_MERGEABLE, MADV_PAGEOUT = 12, 21
PRIVATE = getattr(mmap, "MAP_PRIVATE", 0) | getattr(mmap, "MAP_ANONYMOUS", 0)
STACK = 2**18


def attempts(secrets: list[str], mark: str, least: int, most: int) -> list[str]:
    """Try to break out, and return the names of what could be done.

    Args:
        secrets: files and folders that must not be readable.
        mark: name of what it tries to make.
        least: number of threads that it must be able to start.
        most: number of threads that it must not be able to start.
    """
    done = [name for name, attempt in _tries(secrets, mark).items() if _succeeds(attempt)]
    started = _threads(most)
    if started >= most:
        done.append(f"start {started} threads")
    if started < least:
        done.append(f"start only {started} threads")
    return done


def _tries(secrets: list[str], mark: str) -> dict:
    parent = os.getppid()
    everywhere, everywhere_open = os.devnull, 0  # one file, which all sandboxes of a machine have
    return {f"read {secret}": lambda secret=secret: _look(secret) for secret in secrets} | {
        "read a file of Python": lambda: open(os.__file__),
        "ask for a file of Python": lambda: os.stat(os.__file__),
        "list files of Python": lambda: os.listdir(os.path.dirname(os.__file__)),
        "number what it opens": lambda: os.pipe(),
        "open a socket": lambda: socket.socket(),
        "start a process": lambda: os.fork(),
        "start a program": lambda: os.execv("/bin/true", ["true"]),
        "write a file": lambda: open(f"/dev/shm/{mark}", "w"),
        "write a file in /tmp": lambda: open(f"/tmp/{mark}", "w"),
        "make a folder": lambda: os.mkdir(f"/tmp/{mark}-folder"),
        "write into the sandbox": lambda: open(f"/{mark}", "w"),
        "read another process": lambda: open(f"/proc/{parent}/mem", "rb"),
        "read another environment": lambda: open(f"/proc/{parent}/environ", "rb").read(1),
        "signal another process": lambda: os.kill(parent, 0),
        "have the kernel signal it": lambda: fcntl.fcntl(0, fcntl.F_SETOWN, parent),
        "slow another process": lambda: os.sched_setaffinity(parent, {0}),
        "take shared memory": lambda: mmap.mmap(-1, 4096),
        "take memory that grows": lambda: mmap.mmap(-1, 4096, PRIVATE | MAP_GROWSDOWN),
        "have equal memory merged": lambda: mmap.mmap(-1, 4096, PRIVATE).madvise(MADV_MERGEABLE),
        "have memory put out": lambda: mmap.mmap(-1, 4096, PRIVATE).madvise(MADV_PAGEOUT),
        "take any addresses": lambda: mmap.mmap(-1, ADDRESSES, PRIVATE | MAP_NORESERVE),
        "read attributes": lambda: os.listxattr(everywhere),
        "set an attribute": lambda: os.setxattr(os.__file__, f"user.{mark}", b"1"),
        "lock a file": lambda: fcntl.flock(everywhere_open, fcntl.LOCK_SH | fcntl.LOCK_NB),
        "lock a part of a file": lambda: fcntl.lockf(
            everywhere_open, fcntl.LOCK_SH | fcntl.LOCK_NB, 1
        ),
        "use a later system call": lambda: _latest(),
        "be root": lambda: os.setuid(0),
    }


def _succeeds(attempt) -> bool:
    try:
        attempt()
    except (AttributeError, OSError):  # other systems have no attributes
        return False
    return True


def _latest() -> None:
    """Make each of the latest system calls, with nothing to do for it."""
    call = ctypes.CDLL(None, use_errno=True).syscall
    refused = (errno.EPERM, errno.ENOSYS)
    if all(
        call(number, 0, 0, 0, 0, 0, 0) == -1 and ctypes.get_errno() in refused for number in LATEST
    ):
        raise OSError


def _threads(most: int) -> int:
    """Start at most so many threads; return how many there were side by side."""
    over = threading.Event()
    started: list[threading.Thread] = []
    threading.stack_size(STACK)
    try:
        while len(started) < most:
            thread = threading.Thread(target=over.wait, daemon=True)
            thread.start()
            started.append(thread)
    except RuntimeError:
        pass
    over.set()
    for thread in started:
        thread.join()
    return len(started)


def _look(path: str) -> None:
    """Open a file or folder, with Python's flags and with those that the filter may let pass."""
    try:
        os.close(os.open(path, os.O_RDONLY))
    except OSError:
        if ctypes.CDLL(None, use_errno=True).open(os.fsencode(path), os.O_RDONLY) < 0:
            raise
