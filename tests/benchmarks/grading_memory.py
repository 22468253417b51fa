"""Peak memory and CPU time of a process and all that descend from it, for `grading.py`.

Both are read from /proc, so this is for Linux.
"""

import os
import threading
from dataclasses import dataclass
from pathlib import Path

EVERY = 0.05  # seconds
PROC = Path("/proc")


@dataclass(frozen=True)
class Found:
    """What was seen of a tree of processes.

    Attributes:
        pss: largest sum of proportional set sizes, bytes: memory that several processes share
            counts once.
        processes: how many there were at that moment.
        unread: processes whose memory may not be read by this user.
    """

    pss: int
    processes: int
    unread: int


class Peak:
    """Samples a tree of processes until it is stopped.

    Args:
        root: id of the process whose tree it is.
    """

    def __init__(self, root: int):
        self._root = root
        self._found = Found(0, 0, 0)
        self._unread: set[int] = set()
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._sample, daemon=True)
        self._thread.start()

    def stop(self) -> Found:
        """Return what was seen."""
        self._over.set()
        self._thread.join()
        return Found(self._found.pss, self._found.processes, len(self._unread))

    def _sample(self) -> None:
        while not self._over.wait(EVERY):
            sizes = [self._pss(process) for process in tree(self._root)]
            if sum(sizes) > self._found.pss:
                self._found = Found(sum(sizes), len(sizes), 0)

    def _pss(self, process: int) -> int:
        try:
            lines = (PROC / str(process) / "smaps_rollup").read_text().splitlines()
        except PermissionError:
            self._unread.add(process)
            return 0
        except OSError:  # it has ended
            return 0
        return sum(int(line.split()[1]) * 1024 for line in lines if line.startswith("Pss:"))


class Ticks:
    """Samples the CPU time of a tree of processes, ended ones included, until it is stopped.

    What other programs do to the machine lengthens wall time by much and CPU time by little.

    Args:
        root: id of the process whose tree it is.
    """

    def __init__(self, root: int):
        self._root = root
        self._ticks = 0
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._sample, daemon=True)
        self._thread.start()

    def stop(self) -> float:
        """Return the seconds of CPU time that were seen."""
        self._over.set()
        self._thread.join()
        return self._ticks / os.sysconf("SC_CLK_TCK")

    def _sample(self) -> None:
        while not self._over.wait(2 * EVERY):
            # Of a process itself and of those that it has waited for.
            self._ticks = max(self._ticks, sum(map(_ticks, tree(self._root))))


def _ticks(process: int) -> int:
    try:
        fields = (PROC / str(process) / "stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0
    return sum(map(int, fields[11:15]))


def tree(root: int) -> list[int]:
    """Return the ids of a process and its descendants."""
    children: dict[int, list[int]] = {}
    for place in PROC.glob("[0-9]*"):
        try:
            fields = (place / "stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        children.setdefault(int(fields[1]), []).append(int(place.name))
    found, waiting = [], [root]
    while waiting:
        process = waiting.pop()
        found.append(process)
        waiting += children.get(process, [])
    return found
