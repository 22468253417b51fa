"""Submissions: what is in a hand-in, of which only the expected files are read.

An answer is ``<phase>/<name>.py`` or, if that is missing, ``<name>.py``, also within a single
folder that everything is in. Where there is none, an archive or a notebook is opened: the only
one, or the notebooks of the chapters, ``<phase>.ipynb``. `entries` finds the hand-ins.
"""

import itertools
import os
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from pathlib import Path

from fmnist.answer import faults
from fmnist.answer.source import MAX_SOURCE, decoded
from fmnist.course import PHASES
from fmnist.exercises.catalog import Exercise
from fmnist.grading.hand_ins import archives, downloads, notebook_answers
from fmnist.grading.hand_ins.archives import Reader
from fmnist.grading.hand_ins.entries import NOTEBOOK, PYTHON, Entry

MAX_OTHERS = 1000
MAX_DEPTH = 20  # folders in a submission
MAX_LISTED = 10_000  # files of a folder that are looked through for an archive or a notebook
MAX_SHOWN = 255  # characters of a file's name
MAX_NAMED = 5  # names in a sentence


@dataclass(frozen=True)
class Submission:
    """What one student handed in.

    Attributes:
        student: id under which the marks are kept.
        sources: text of each answer, by name of the exercise.
        unreadable: why a file cannot be used, by name of the exercise.
        ignored: files that the grader did not ask for, relative to the folder, sorted.
        attempt: number of the hand-in, from 1.
        submitted: when it was handed in, in UTC; None if nobody knows.
    """

    student: str
    sources: dict[str, str]
    unreadable: dict[str, faults.NotLoaded]
    ignored: tuple[str, ...]
    attempt: int = 1
    submitted: datetime | None = None


@dataclass
class _Answers:
    """What was read so far.

    Attributes:
        sources: text of each answer.
        unreadable: why an answer cannot be used.
        used: names of the files that were looked at.
        others: names of other files.
    """

    sources: dict[str, str] = field(default_factory=dict)
    unreadable: dict[str, faults.NotLoaded] = field(default_factory=dict)
    used: set[str] = field(default_factory=set)
    others: list[str] = field(default_factory=list)


def read(entry: Entry, exercises: tuple[Exercise, ...]) -> Submission:
    """Return what a student handed in; what is wrong with it is told there."""
    paths = {downloads.own_name(path): path for path in entry.paths}
    if len(paths) == 1 and entry.paths[0].is_dir():
        found = _in_folder(entry.paths[0], exercises)
    elif len(paths) < len(entry.paths):
        twice, _ = Counter(map(downloads.own_name, entry.paths)).most_common(1)[0]
        found = _nothing_of_use(exercises, f"{twice} was handed in twice; hand in one.")
    else:
        found = _in_files(paths, exercises)
        if len(paths) == 1:  # the files of an archive need not be told from others beside it
            found.others = [name.removeprefix(f"{next(iter(paths))}/") for name in found.others]
        found.others += [name for name in paths if name not in found.used]
    ignored = {_shown(name) for name in found.others}
    return Submission(
        entry.student,
        found.sources,
        {name: _one_line(fault) for name, fault in found.unreadable.items()},
        tuple(sorted(ignored)[:MAX_OTHERS]),
        entry.attempt,
        entry.submitted,
    )


def read_packed(archive: Path, exercises: tuple[Exercise, ...]) -> Submission:
    """Return what a grader finds in an archive that `fmnist pack` wrote a moment ago."""
    return read(Entry(archive.stem, (archive,)), exercises)


def _in_folder(folder: Path, exercises: tuple[Exercise, ...]) -> _Answers:
    listed = _listed(folder)
    root = _root(folder, listed)
    expected = [
        name for one in exercises for name in (f"{one.phase}/{one.name}.py", f"{one.name}.py")
    ]
    paths = {
        name: root / name
        for name in expected
        # A linked folder could lead out of the submission.
        if os.path.lexists(f"{root}/{name}") and not (root / name).parent.is_symlink()
    }
    for path in listed if root == folder else _listed(root):
        if path.name.lower().endswith((*archives.SUFFIXES, NOTEBOOK)) and not path.is_dir():
            paths[path.name] = path
    found = _in_files(paths, exercises)
    found.others += _others(str(folder), {str(paths[name]) for name in found.used})
    return found


def _root(folder: Path, listed: list[Path]) -> Path:
    """Return the folder, or the single one in it that everything is in."""
    inside = [path for path in listed if not path.name.startswith(archives.HIDDEN)]
    if len(inside) == 1 and inside[0].name not in PHASES:
        only = inside[0]
        return only if only.is_dir() and not only.is_symlink() else folder
    return folder


def _listed(folder: Path) -> list[Path]:
    try:
        with os.scandir(folder) as entries:
            return sorted(folder / one.name for one in itertools.islice(entries, MAX_LISTED))
    except OSError:  # a folder that nobody may look into is an empty one
        return []


def _in_files(paths: dict[str, Path], exercises: tuple[Exercise, ...]) -> _Answers:
    """Return the answers in files, or in the archive among them."""
    files = {name: partial(archives.read_limited, path) for name, path in paths.items()}
    packed = [name for name in files if name.lower().endswith(archives.SUFFIXES)]
    found = _expected(files, exercises)
    if found.used:
        return found
    if not packed:
        only = next(iter(files), "")
        if len(files) == 1 and only.endswith(PYTHON):
            return _in_python(only, files[only], exercises)
        return _in_notebooks(files, exercises)
    notebooks = [name for name in files if name.lower().endswith(NOTEBOOK)]
    if len(packed) + len(notebooks) > 1:
        names = ", ".join(sorted([*packed, *notebooks])[:MAX_NAMED])
        return _nothing_of_use(
            exercises, f"There are several archives or notebooks ({names}); hand in one."
        )
    return _in_archive(paths[packed[0]], packed[0], exercises)


def _in_archive(path: Path, name: str, exercises: tuple[Exercise, ...]) -> _Answers:
    try:
        with archives.opened(path, name) as files:
            found = _expected(files, exercises)
            if not found.used:
                found = _in_notebooks(files, exercises)
            others = [f"{name}/{other}" for other in files if other not in found.used]
    except faults.NotLoaded as fault:
        found, others = _nothing_of_use(exercises, str(fault)), []
    return _Answers(found.sources, found.unreadable, {name}, others)


def _expected(files: Mapping[str, Reader], exercises: tuple[Exercise, ...]) -> _Answers:
    """Return the answers that are files of their own."""
    found = _Answers()
    for exercise in exercises:
        own = f"{exercise.name}.py"
        name = next((one for one in (f"{exercise.phase}/{own}", own) if one in files), "")
        if not name:
            continue
        found.used.add(name)
        try:
            found.sources[exercise.name] = decoded(files[name](MAX_SOURCE), own)
        except faults.NotLoaded as fault:
            found.unreadable[exercise.name] = fault
    return found


def _in_python(name: str, reader: Reader, exercises: tuple[Exercise, ...]) -> _Answers:
    """Return as the answer of an exercise the file that defines it."""
    found = _Answers(used={name})
    try:
        text = decoded(reader(MAX_SOURCE), name)
    except faults.NotLoaded as fault:
        return _nothing_of_use(exercises, str(fault), used={name})
    defined = {*notebook_answers.DEFINITION.findall(text)}
    found.sources = {one.name: text for one in exercises if one.name in defined}
    return found


def _in_notebooks(files: Mapping[str, Reader], exercises: tuple[Exercise, ...]) -> _Answers:
    """Return the answers in the only notebook, or in those of the chapters."""
    notebooks = sorted(
        name for name in files if "/" not in name and name.lower().endswith(NOTEBOOK)
    )
    of_chapters = [name for name in notebooks if name.removesuffix(NOTEBOOK) in PHASES]
    if len(notebooks) > 1 and not of_chapters:
        names = ", ".join(notebooks[:MAX_NAMED])
        return _nothing_of_use(
            exercises,
            f"There are several notebooks ({names}); hand in one, or call them {PHASES[0]}.ipynb, "
            "...",
        )
    found = _Answers()
    for name in notebooks if len(notebooks) == 1 else of_chapters:
        phase = name.removesuffix(NOTEBOOK)
        of_notebook = tuple(one for one in exercises if len(notebooks) == 1 or one.phase == phase)
        found.used.add(name)
        try:
            raw = files[name](notebook_answers.MAX_NOTEBOOK)
        except faults.NotLoaded as fault:
            found.unreadable |= {one.name: fault for one in of_notebook}
            continue
        sources, unreadable = notebook_answers.read(raw, name, of_notebook)
        found.sources |= sources
        found.unreadable |= unreadable
    return found


def _nothing_of_use(
    exercises: tuple[Exercise, ...], why: str, *, used: set[str] | None = None
) -> _Answers:
    """Return that no answer can be used, with the sentence that says why."""
    return _Answers(
        unreadable={one.name: faults.NotLoaded(why) for one in exercises}, used=used or set()
    )


def _others(folder: str, used: set[str]) -> list[str]:
    """Return the files that nobody asked for; of very many, some."""
    found: list[str] = []
    for place, folders, files in os.walk(folder):
        folders.sort()
        links = [name for name in folders if Path(place, name).is_symlink()]
        paths = [f"{place}/{name}" for name in (*files, *links)]
        found += [path.removeprefix(f"{folder}/") for path in paths if path not in used]
        if len(found) > MAX_OTHERS or place.count("/") > MAX_DEPTH + folder.count("/"):
            break
    return found


def _shown(name: str) -> str:
    """Return a name that any file can hold."""
    return name[:MAX_SHOWN].encode("utf-8", "backslashreplace").decode("utf-8")


def _one_line(fault: faults.NotLoaded) -> faults.NotLoaded:
    """Return a fault whose sentence steers no terminal, whatever a student called a file."""
    sentence = str(fault)
    if sentence.isprintable():
        return fault
    return type(fault)("".join(one if one.isprintable() else "?" for one in sentence))
