"""The files of a hand-in by name, without what systems and tools put beside a person's."""

import itertools
import os
from collections import deque
from collections.abc import Iterable
from pathlib import Path

from fmnist.course import PHASES
from fmnist.grading.hand_ins.names import is_clutter

MAX_LISTED = 20_000  # entries of a folder and the folders in it that are looked at
MAX_DEPTH = 20  # folders in a hand-in
ENVIRONMENT = "pyvenv.cfg"  # in the folder of a virtual environment, whatever that is called


def in_folder(folder: Path) -> tuple[dict[str, Path], bool]:
    """Return the files below a folder, links among them, by name; and whether that is all of them.

    Names have slashes and are relative to the folder. Files that lie higher come first, so that of
    too many those are found that are where they are expected.
    """
    found: dict[str, Path] = {}
    waiting = deque([("", 0)])
    seen = 0
    while waiting:
        place, depth = waiting.popleft()
        inside = _scanned(folder / place, MAX_LISTED - seen + 1)
        seen += len(inside)
        if seen > MAX_LISTED:
            return found, False
        if place and any(entry.name == ENVIRONMENT for entry in inside):
            continue
        for entry in inside:
            name = f"{place}{entry.name}"
            if is_clutter(entry.name):
                continue
            if not entry.is_dir(follow_symlinks=False):
                found[_free(clean(name), name, found)] = Path(entry.path)
            elif depth < MAX_DEPTH:
                waiting.append((f"{name}/", depth + 1))
    return found, True


def top(folder: Path) -> list[str]:
    """Return the names in a folder, in order; of very many, some."""
    return [entry.name for entry in _scanned(folder, MAX_LISTED)]


def is_within(folder: Path, name: str) -> bool:
    """Return whether there is such a file below a folder, and no link on the way to it."""
    above = [folder / place for place in _folders(name)]
    return os.path.lexists(folder / name) and not any(path.is_symlink() for path in above)


def _scanned(folder: Path, most: int) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(folder) as entries:
            return sorted(itertools.islice(entries, most), key=lambda entry: entry.name)
    except OSError:  # a folder that nobody may look into is an empty one
        return []


def _free(name: str, raw: str, taken: dict[str, Path]) -> str:
    return raw if name in taken else name


def clean(name: str) -> str:
    """Return a name as it would be on Linux; one that leads out of its folder stays as it is."""
    slashed = name.replace("\\", "/")
    if not slashed or slashed.startswith("/") or ".." in slashed.split("/"):
        return name
    return os.path.normpath(slashed)


def leads_out(name: str) -> bool:
    """Return whether a name is of a place outside its folder, on whatever system."""
    parts = name.replace("\\", "/").split("/")
    return not parts[0] or ".." in parts or _is_drive(parts[0])


def _is_drive(part: str) -> bool:
    """Return whether a part of a path is a drive; on a Mac "Week 1/2" is stored as "Week 1:2"."""
    return len(part) == 2 and part[0].isalpha() and part[1] == ":"


def cluttered(names: Iterable[str]) -> set[str]:
    """Return those of some names that are of systems and tools, by any folder that they are in."""
    names = list(names)
    environments = {
        name.removesuffix(ENVIRONMENT) for name in names if name.endswith(f"/{ENVIRONMENT}")
    }
    return {
        name
        for name in names
        if (any(map(is_clutter, name.split("/"))) and not leads_out(name))
        or any(f"{place}/" in environments for place in _folders(name))
    }


def _folders(name: str) -> Iterable[str]:
    """Return the folders that a file is in, from the innermost."""
    while "/" in name:
        name = name.rpartition("/")[0]
        yield name


def common_folder(names: Iterable[str]) -> str:
    """Return the innermost folder that all files are in, with a slash; empty if there is none.

    The folder of a phase is one that answers are in by right.
    """
    rest = [name.split("/") for name in names]
    place = ""
    while rest and all(len(parts) > 1 for parts in rest):
        top = rest[0][0]
        if any(parts[0] != top for parts in rest) or top in ("", "..", *PHASES) or _is_drive(top):
            break
        place += f"{top}/"
        rest = [parts[1:] for parts in rest]
    return place
