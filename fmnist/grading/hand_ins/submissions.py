"""Submissions: what is in a hand-in, of which only the expected files are read.

An answer is ``<phase>/<name>.py`` or, if that is missing, ``<name>.py``, also within a single
folder that everything is in. Where there is none, an archive or a notebook is opened: the only
one, or the notebooks of the chapters, ``<phase>.ipynb``. `entries` finds the hand-ins.
"""

import itertools
import os
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from fmnist.answer import faults
from fmnist.answer.source import MAX_SOURCE, decoded
from fmnist.course import PHASES
from fmnist.exercises.catalog import Exercise
from fmnist.grading.hand_ins import archives, downloads, notebook_answers
from fmnist.grading.hand_ins.archives import Reader, Readers
from fmnist.grading.hand_ins.entries import Entry
from fmnist.grading.hand_ins.names import ARCHIVES, HIDDEN, NOTEBOOK, PYTHON
from fmnist.grading.hand_ins.notebook_answers import Answers
from fmnist.tools.terminal import shown

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
    """

    student: str
    sources: dict[str, str]
    unreadable: dict[str, faults.NotLoaded]
    ignored: tuple[str, ...]
    attempt: int = 1


def read(entry: Entry, exercises: tuple[Exercise, ...]) -> Submission:
    """Return what a student handed in; what is wrong with it is told there."""
    if len(entry.paths) == 1 and entry.paths[0].is_dir():
        answers, ignored = _in_folder(entry.paths[0], exercises)
    else:
        answers, ignored = _in_loose_files(entry.paths, exercises)
    return Submission(
        entry.student,
        {name: answer for name, answer in answers.items() if isinstance(answer, str)},
        {name: _one_line(why) for name, why in answers.items() if not isinstance(why, str)},
        tuple(sorted({_shown(name) for name in ignored})[:MAX_OTHERS]),
        entry.attempt,
    )


def read_packed(archive: Path, exercises: tuple[Exercise, ...]) -> Submission:
    """Return what a grader finds in an archive that `fmnist pack` wrote a moment ago."""
    return read(Entry(archive.stem, (archive,)), exercises)


# Each of the following returns the answers and the names of what was not looked at. Those that get
# `files` by name take out of them what they look at.


def _in_folder(folder: Path, exercises: tuple[Exercise, ...]) -> tuple[Answers, list[str]]:
    listed = _listed(folder)
    root = _root(folder, listed)
    expected = [name for exercise in exercises for name in _names(exercise)]
    paths = {
        name: root / name
        for name in expected
        # A linked folder could lead out of the submission.
        if os.path.lexists(f"{root}/{name}") and not (root / name).parent.is_symlink()
    }
    for path in listed if root == folder else _listed(root):
        if path.name.lower().endswith((*ARCHIVES, NOTEBOOK)) and not path.is_dir():
            paths[path.name] = path
    answers, rest = _in_files(paths, exercises)
    used = {str(path) for name, path in paths.items() if name not in rest}
    in_archive = [name for name in rest if name not in paths]
    return answers, [*in_archive, *_others(str(folder), used)]


def _in_loose_files(
    paths: tuple[Path, ...], exercises: tuple[Exercise, ...]
) -> tuple[Answers, list[str]]:
    names = [downloads.own_name(path) for path in paths]
    twice = max(names, key=names.count)
    if names.count(twice) > 1:
        return _unusable(exercises, f"{twice} was handed in twice; hand in one."), []
    answers, rest = _in_files(dict(zip(names, paths, strict=True)), exercises)
    if len(names) == 1:  # the files of an archive need not be told from others beside it
        rest = [name.removeprefix(f"{names[0]}/") for name in rest]
    return answers, rest


def _in_files(paths: dict[str, Path], exercises: tuple[Exercise, ...]) -> tuple[Answers, list[str]]:
    """Look for answers in files, or in the archive among them."""
    files: Readers = {name: partial(archives.read_limited, path) for name, path in paths.items()}
    packed = [name for name in files if name.lower().endswith(ARCHIVES)]
    notebooks = [name for name in files if name.lower().endswith(NOTEBOOK)]
    answers = _expected(files, exercises)
    if not answers and packed and len(packed) + len(notebooks) > 1:
        names = ", ".join(sorted([*packed, *notebooks])[:MAX_NAMED])
        why = f"There are several archives or notebooks ({names}); hand in one."
        answers = _unusable(exercises, why)
    elif not answers and packed:
        del files[packed[0]]
        answers, rest = _in_archive(paths[packed[0]], packed[0], exercises)
        return answers, [*files, *rest]
    elif not answers and len(files) == 1 and next(iter(files)).endswith(PYTHON):
        answers = _in_python(*files.popitem(), exercises)
    elif not answers:
        answers = _in_notebooks(files, exercises)
    return answers, [*files]


def _in_archive(
    path: Path, name: str, exercises: tuple[Exercise, ...]
) -> tuple[Answers, list[str]]:
    try:
        with archives.opened(path, name) as files:
            answers = _expected(files, exercises) or _in_notebooks(files, exercises)
            return answers, [f"{name}/{other}" for other in files]
    except faults.NotLoaded as fault:
        return _unusable(exercises, str(fault)), []


def _expected(files: Readers, exercises: tuple[Exercise, ...]) -> Answers:
    """Return the answers that are files of their own."""
    answers: Answers = {}
    for exercise in exercises:
        name = next((name for name in _names(exercise) if name in files), None)
        if name is None:
            continue
        try:
            answers[exercise.name] = decoded(files.pop(name)(MAX_SOURCE), f"{exercise.name}.py")
        except faults.NotLoaded as fault:
            answers[exercise.name] = fault
    return answers


def _names(exercise: Exercise) -> tuple[str, str]:
    """Return what the file of an answer may be called; the first counts."""
    return f"{exercise.phase}/{exercise.name}.py", f"{exercise.name}.py"


def _in_python(name: str, reader: Reader, exercises: tuple[Exercise, ...]) -> Answers:
    """Return as the answer of an exercise the file that defines it."""
    try:
        text = decoded(reader(MAX_SOURCE), name)
    except faults.NotLoaded as fault:
        return _unusable(exercises, str(fault))
    defined = {*notebook_answers.DEFINITION.findall(text)}
    return {exercise.name: text for exercise in exercises if exercise.name in defined}


def _in_notebooks(files: Readers, exercises: tuple[Exercise, ...]) -> Answers:
    """Return the answers in the only notebook, or in those of the chapters."""
    notebooks = sorted(
        name for name in files if "/" not in name and name.lower().endswith(NOTEBOOK)
    )
    phases = {name: name.removesuffix(NOTEBOOK) for name in notebooks}
    of_chapters = [name for name in notebooks if phases[name] in PHASES]
    if len(notebooks) > 1 and not of_chapters:
        names = ", ".join(notebooks[:MAX_NAMED])
        return _unusable(
            exercises,
            f"There are several notebooks ({names}); hand in one, or call them {PHASES[0]}.ipynb, "
            "...",
        )
    if len(notebooks) == 1:
        return _in_notebook(notebooks[0], files.pop(notebooks[0]), exercises)
    answers: Answers = {}
    for name in of_chapters:
        in_phase = tuple(exercise for exercise in exercises if exercise.phase == phases[name])
        answers |= _in_notebook(name, files.pop(name), in_phase)
    return answers


def _in_notebook(name: str, reader: Reader, exercises: tuple[Exercise, ...]) -> Answers:
    try:
        return notebook_answers.read(reader(notebook_answers.MAX_NOTEBOOK), name, exercises)
    except faults.TooLarge as fault:
        why = f"{str(fault).rstrip('.')}; {notebook_answers.ADVICE}."
        return _unusable(exercises, why)
    except faults.NotLoaded as fault:
        return dict.fromkeys((exercise.name for exercise in exercises), fault)


def _unusable(exercises: tuple[Exercise, ...], why: str) -> Answers:
    """Return that no answer can be used, with the sentence that says why."""
    return {exercise.name: faults.NotLoaded(why) for exercise in exercises}


def _root(folder: Path, listed: list[Path]) -> Path:
    """Return the folder, or the single one in it that everything is in."""
    inside = [path for path in listed if not path.name.startswith(HIDDEN)]
    if len(inside) == 1 and inside[0].name not in PHASES:
        only = inside[0]
        return only if only.is_dir() and not only.is_symlink() else folder
    return folder


def _listed(folder: Path) -> list[Path]:
    try:
        with os.scandir(folder) as entries:
            return sorted(folder / entry.name for entry in itertools.islice(entries, MAX_LISTED))
    except OSError:  # a folder that nobody may look into is an empty one
        return []


def _others(folder: str, used: set[str]) -> list[str]:
    """Return the files that nobody asked for; of very many, some."""
    others: list[str] = []
    for place, folders, files in os.walk(folder):
        folders.sort()
        links = [name for name in folders if Path(place, name).is_symlink()]
        paths = [f"{place}/{name}" for name in (*files, *links)]
        others += [path.removeprefix(f"{folder}/") for path in paths if path not in used]
        if len(others) > MAX_OTHERS or place.count("/") > MAX_DEPTH + folder.count("/"):
            break
    return others


def _shown(name: str) -> str:
    """Return a name that any file can hold."""
    return name[:MAX_SHOWN].encode("utf-8", "backslashreplace").decode("utf-8")


def _one_line(fault: faults.NotLoaded) -> faults.NotLoaded:
    """Return a fault whose sentence steers no terminal, whatever a student called a file."""
    return type(fault)(shown(str(fault)))
