"""What no worker behind a wall may manage: loaded there like a student's file, see `selftest`."""

# It may fork, open and leave open what it can; in a sandbox there is no pathlib to be imported.
# ruff: noqa: PTH102, PTH112, PTH123, PTH208, S108, S606, SIM115

import fcntl
import mmap
import os
import socket


def attempts(secrets: list[str], mark: str) -> list[str]:
    """Try to break out, and return the names of what could be done.

    Args:
        secrets: files and folders that must not be readable.
        mark: name of what it tries to make.
    """
    parent = os.getppid()
    tries = {f"read {secret}": lambda secret=secret: _look(secret) for secret in secrets} | {
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


def _look(path: str) -> object:
    return os.listdir(path) if os.path.isdir(path) else open(path)
