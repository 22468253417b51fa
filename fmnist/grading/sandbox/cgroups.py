"""Control groups of the kernel: bounds on all processes of a sandbox together.

A worker's own limits count the memory of one process. A group counts that of a zygote and its
workers, or of one worker, with what the kernel holds for them, and gives it its share of the
processors. All groups stand in one, which is bounded, so that classes cannot take the machine down
with them. Groups are an addition: where this process may make none, as in most containers, the
limits of the workers stand alone.
"""

import contextlib
import itertools
import os
import re
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

OWN = Path("/proc/self/cgroup")
MOUNTS = Path("/proc/self/mountinfo")
NAME = "fmnist"
CONTROLLERS = ("memory", "pids")
BESIDE = ("cpu",)  # for equal shares; not every system hands it on
PROCESSES = "cgroup.procs"
TASKS = 4096  # processes and threads; TensorFlow starts some threads for every core
SHARE = 0.75  # of the machine's memory, for all groups together
ATTEMPTS = 10  # to stand in a group that another run removes, since it was empty
END_SECONDS = 5.0  # until the kernel has let go of the last process
# Enters each group before it becomes the command, so that all that the command starts is in it.
ENTER = 'while [ "$1" != -- ]; do echo $$ > "$1" || exit 125; shift; done; shift; exec "$@"'
_numbers = itertools.count()


@dataclass(frozen=True)
class Group:
    """A group of this process's own: one folder, or with the first version one a controller.

    Attributes:
        folders: in the kernel's file system; empty where there are no groups to be had.
    """

    folders: tuple[Path, ...] = ()

    def entered_by(self, command: list[str]) -> list[str]:
        """Return a command that does the same in this group."""
        if not self.folders:
            return command
        entries = [str(folder / PROCESSES) for folder in self.folders]
        return ["/bin/sh", "-c", ENTER, "sh", *entries, "--", *command]

    def take(self, process: int) -> None:
        """Move a process into the group.

        Raises:
            OSError: it has ended, or the kernel does not let it be moved.
        """
        for folder in self.folders:
            (folder / PROCESSES).write_text(str(process))

    def remove(self) -> None:
        """Remove the group, whose processes have been killed, and that of all if it was the last.

        Before that, nobody else may stand in it.
        """
        deadline = time.monotonic() + END_SECONDS
        for folder in self.folders:
            while time.monotonic() < deadline:
                with contextlib.suppress(OSError):
                    folder.rmdir()
                    break
                time.sleep(0.01)
            with contextlib.suppress(OSError):
                folder.parent.rmdir()


def make(*, memory: int | None = None, tasks: int = TASKS) -> Group:
    """Return a new group that a process has entered, or one without folders if none can.

    Args:
        memory: bytes; by default what all groups may have together.
        tasks: processes and threads.
    """
    made: list[Path] = []
    try:
        for home in homes():
            made.append(_made(home, f"{os.getpid()}-{next(_numbers)}"))
            _bound(made[-1], memory=memory or _all_memory(), tasks=tasks)
        group = Group(tuple(made))
        # The kernel has rules of its own on who may move where; a sandbox must not fail by them.
        if made:
            command = group.entered_by(["true"])
            subprocess.run(command, stderr=subprocess.DEVNULL, check=True)  # noqa: S603 (our own)
    except (OSError, subprocess.CalledProcessError):  # what looked open is not
        Group(tuple(made)).remove()
        return Group()
    return group


def _made(home: Path, name: str) -> Path:
    """Return a new group in the one that bounds all.

    Raises:
        OSError: it cannot be made.
    """
    everything = home / NAME
    for attempt in range(ATTEMPTS):
        everything.mkdir(exist_ok=True)
        try:
            _bound(everything, memory=_all_memory(), tasks=None)
            hands_on = everything / "cgroup.subtree_control"
            if hands_on.exists():
                given = set((home / "cgroup.subtree_control").read_text("utf-8").split())
                wanted = [one for one in (*CONTROLLERS, *BESIDE) if one in given]
                hands_on.write_text(" ".join(f"+{one}" for one in wanted))
            _forget_the_dead(everything)
            folder = everything / name
            folder.mkdir()
            return folder
        except FileNotFoundError:  # it was removed by whoever was the last in it
            if attempt == ATTEMPTS - 1:
                raise
    raise AssertionError


def _bound(folder: Path, *, memory: int, tasks: int | None) -> None:
    """Write bounds; a folder has the files of its version and controllers only."""
    bounds: dict[str, int | None] = {"memory.max": memory, "memory.limit_in_bytes": memory}
    bounds |= {"memory.swap.max": 0, "pids.max": tasks}
    for name, value in bounds.items():
        if value is not None and (folder / name).exists():
            (folder / name).write_text(str(value))


def _all_memory() -> int:
    return int(SHARE * os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES"))


def are_there() -> bool:
    """Return whether this process can make a group, after it has made one."""
    group = make()
    group.remove()
    return bool(group.folders)


def homes(own: Path = OWN, mounts: Path = MOUNTS) -> list[Path]:
    """Return the folders in which groups with memory and tasks can be made, if there are any.

    Args:
        own: file in which the kernel tells the groups of this process.
        mounts: file in which it tells where file systems are mounted.
    """
    try:
        places = dict(_mounted(mounts.read_text("utf-8")))
        groups = [line.split(":", 2) for line in own.read_text("utf-8").splitlines()]
    except OSError:
        return []
    paths = {name: path for _, names, path in groups for name in names.split(",")}
    if "" in places and "" in paths:
        mount = places[""]
        folder = mount / paths[""].lstrip("/")
        for home in [folder, *(above for above in folder.parents if above.is_relative_to(mount))]:
            # A group that holds processes cannot give its controllers on, but one above it may.
            if _gives_on(home) and _is_open(home):
                return [home]
    if all(name in places and name in paths for name in CONTROLLERS):
        old = [places[name] / paths[name].lstrip("/") for name in CONTROLLERS]
        if all(map(_is_open, old)):
            more = [
                places[name] / paths[name].lstrip("/")
                for name in BESIDE
                if name in places and name in paths
            ]
            return list(dict.fromkeys([*old, *filter(_is_open, more)]))
    return []


def _mounted(text: str) -> Iterator[tuple[str, Path]]:
    """Yield the mount of the second version under "", and those of the first by controller."""
    for line in text.splitlines():
        of_mount, _, of_system = line.partition(" - ")
        place, kind = of_mount.split()[4], of_system.split()
        if kind[0] == "cgroup2":
            yield "", Path(place)
        elif kind[0] == "cgroup":
            yield from ((option, Path(place)) for option in kind[2].split(","))


def _gives_on(folder: Path) -> bool:
    try:
        given = (folder / "cgroup.subtree_control").read_text("utf-8").split()
    except OSError:
        return False
    return set(CONTROLLERS) <= set(given)


def _is_open(folder: Path) -> bool:
    return os.access(folder, os.W_OK) and os.access(folder / PROCESSES, os.W_OK)


def _forget_the_dead(everything: Path) -> None:
    """Remove the empty groups of runs that were killed."""
    for folder in everything.glob("*-*"):
        found = re.fullmatch(r"(\d+)-\d+", folder.name)
        if found and not Path("/proc", found[1]).exists():
            with contextlib.suppress(OSError):
                folder.rmdir()
