"""What a machine has: asked of the one that this runs on, or told of another one by a test."""

import importlib.metadata
import importlib.util
import os
import platform
import shutil
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from packaging.utils import canonicalize_name

from fmnist.course import ROOT

CGROUP_LIMIT = Path("/sys/fs/cgroup/memory.max")


def available_memory() -> int | None:
    """Return the memory in bytes that programs can still get, or None where nothing tells.

    Without psutil it is all there is; a container's limit counts where it is lower.
    """
    known = [size for size in (_system_memory(), _container_memory()) if size is not None]
    return min(known, default=None)


def _system_memory() -> int | None:
    try:
        import psutil

        return psutil.virtual_memory().available
    except ImportError:  # it comes with the book's packages
        pass
    try:
        return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    except (AttributeError, OSError, ValueError):  # there is no such thing on Windows
        return None


def _container_memory() -> int | None:
    """Return the memory in bytes that a container may use in all, or None without a limit."""
    try:
        return int(CGROUP_LIMIT.read_text())
    except (OSError, ValueError):  # ValueError: it says "max"
        return None


def _installed() -> dict[str, str]:
    """Return the version of each installed package by its normalised name."""
    last_first = reversed([*importlib.metadata.distributions()])  # the first one counts
    return {
        canonicalize_name(package.name): package.version for package in last_first if package.name
    }


@dataclass(frozen=True)
class Machine:
    """What a machine has, as far as it tells; as it comes, the one that this runs on.

    Attributes:
        python: version.
        bits: of an address.
        system: name, as in "Linux".
        processor: kind, as in "x86_64".
        packages: version of each that is installed, by normalised name.
        root: of the checkout, or of what is installed.
        module: returns None if nothing can be imported under a name.
        which: returns the path of a program, or None.
        free: returns the free space in a folder in bytes.
        memory: returns the memory in bytes that programs can still get, or None if nobody knows.
    """

    python: str = field(default_factory=platform.python_version)
    bits: int = 64 if sys.maxsize > 2**32 else 32
    system: str = field(default_factory=platform.system)
    processor: str = field(default_factory=platform.machine)
    packages: Mapping[str, str] = field(default_factory=_installed)
    root: Path = ROOT
    module: Callable[[str], object] = importlib.util.find_spec
    which: Callable[[str], str | None] = shutil.which
    free: Callable[[Path], int] = lambda place: shutil.disk_usage(place).free
    memory: Callable[[], int | None] = available_memory
