"""Submissions: what is in a hand-in, of which only the expected files are read.

`entries` finds the hand-ins and `answer_files` the answers in them. Where there is no file of
Python with an answer, an archive is opened, the only one; what files of Python leave open is
looked for in notebooks, see `answer_notebooks`.
"""

from dataclasses import dataclass
from functools import partial
from pathlib import Path

from fmnist.answer import faults
from fmnist.exercises.catalog import Exercise
from fmnist.grading.hand_ins import answer_files, answer_notebooks, archives, downloads, listing
from fmnist.grading.hand_ins.archives import Readers
from fmnist.grading.hand_ins.entries import Entry
from fmnist.grading.hand_ins.names import ARCHIVES
from fmnist.grading.hand_ins.notebook_answers import Answers
from fmnist.tools.terminal import shown

MAX_OTHERS = 1000
MAX_SHOWN = 255  # characters of a file's name
MAX_NAMED = 5  # names in a sentence
MAX_OPENED = 4  # archives of a hand-in


@dataclass(frozen=True)
class Submission:
    """What one student handed in.

    Attributes:
        student: id under which the marks are kept.
        sources: text of each answer, by name of the exercise.
        unreadable: why a file cannot be used, or what comes near the missing one, by name of the
            exercise.
        ignored: files that the grader did not ask for, relative to the folder, sorted.
        attempt: number of the hand-in, from 1.
        notes: sentences on how the files were read, where their names or places are not the
            expected ones.
    """

    student: str
    sources: dict[str, str]
    unreadable: dict[str, faults.NotLoaded]
    ignored: tuple[str, ...]
    attempt: int = 1
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Read:
    """Answers, the names of what was not used, and notes for the author."""

    answers: Answers
    rest: list[str]
    notes: list[str]


def read(entry: Entry, exercises: tuple[Exercise, ...]) -> Submission:
    """Return what a student handed in; what is wrong with it is told there."""
    if entry.doubt:
        doubt = faults.Doubtful(entry.doubt)
        found = _Read(dict.fromkeys((one.name for one in exercises), doubt), [], [])
    elif len(entry.paths) == 1 and entry.paths[0].is_dir():
        found = _in_folder(entry.paths[0], entry.below, exercises)
    else:
        found = _in_loose_files(entry.paths, entry.below, exercises)
    answers = found.answers
    return Submission(
        entry.student,
        {name: answer for name, answer in answers.items() if isinstance(answer, str)},
        {name: _one_line(why) for name, why in answers.items() if not isinstance(why, str)},
        tuple(sorted({_shown(name) for name in found.rest})[:MAX_OTHERS]),
        entry.attempt,
        tuple(shown(note) for note in found.notes),
    )


def unreadable(
    entry: Entry, exercises: tuple[Exercise, ...], fault: faults.NotLoaded
) -> Submission:
    """Return a hand-in of which no answer can be used."""
    return Submission(
        entry.student, {}, {one.name: fault for one in exercises}, (), attempt=entry.attempt
    )


def read_packed(archive: Path, exercises: tuple[Exercise, ...]) -> Submission:
    """Return what a grader finds in an archive that `fmnist pack` wrote a moment ago."""
    return read(Entry(archive.stem, (archive,)), exercises)


def _in_folder(folder: Path, below: Path, exercises: tuple[Exercise, ...]) -> _Read:
    paths, complete = listing.in_folder(folder)
    if not complete:
        expected = (place for exercise in exercises for place in answer_files.places(exercise))
        paths |= {place: folder / place for place in expected if listing.is_within(folder, place)}
    found = _in_files(paths, below, exercises)
    if not paths and (passed_over := listing.top(folder)):
        found.notes.append(
            f"Nothing of this hand-in is read: {answer_files.listed(passed_over)} is hidden, or "
            "called as systems and tools call what is theirs. Put your files into the folder "
            "itself."
        )
    if not complete:
        why = (
            f"The hand-in has more than {listing.MAX_LISTED:,} files, of which not all were looked "
            f"at; {archives.ADVICE}."
        )
        lost = {one.name: faults.NotLoaded(why) for one in exercises}
        usable = {name: one for name, one in found.answers.items() if isinstance(one, str)}
        return _Read(lost | usable, found.rest, found.notes)
    return found


def _in_loose_files(paths: tuple[Path, ...], below: Path, exercises: tuple[Exercise, ...]) -> _Read:
    names = [downloads.own_name(path) for path in paths]
    twice = max(names, key=names.count)
    if names.count(twice) > 1:
        doubt = faults.Doubtful(f"{twice} was handed in twice; hand in one.")
        return _Read(dict.fromkeys((one.name for one in exercises), doubt), [], [])
    found = _in_files(dict(zip(names, paths, strict=True)), below, exercises)
    if len(names) == 1:  # the files of an archive need not be told from others beside it
        rest = [name.removeprefix(f"{names[0]}/") for name in found.rest]
        return _Read(found.answers, rest, found.notes)
    return found


def _in_files(paths: dict[str, Path], below: Path, exercises: tuple[Exercise, ...]) -> _Read:
    """Look for answers in files, or in the archive among them."""
    files: Readers = {
        name: partial(archives.read_limited, path, below=below) for name, path in paths.items()
    }
    packed = [name for name in files if name.lower().endswith(ARCHIVES)]
    found = answer_files.find(files, exercises, by_content=not packed)
    if not packed:
        return _settled(found, files, exercises)
    if len(packed) > MAX_OPENED:
        why = f"There are more than {MAX_OPENED} archives; hand in one."
        return _Read(_unusable(exercises, why), [*files], [])
    loose = {name: reader for name, reader in files.items() if name not in packed}
    beside = _settled(found, loose, exercises)
    parts = {name: _in_archive(paths[name], name, below, exercises) for name in packed}
    if beside.answers:
        parts = {", ".join(sorted(found.used)[:MAX_NAMED]) or "the files beside it": beside} | parts
    rest = [*beside.rest, *(name for part in parts.values() for name in part.rest)]
    notes = [note for part in parts.values() for note in part.notes]
    if len(parts) > 1:
        notes += [f"{name}: {why}" for name, part in parts.items() if (why := _nothing(part))]
    answers = {**found.stubs, **_joined(parts, exercises)}
    return _Read(answers, list(dict.fromkeys(rest)), notes)


def _nothing(part: _Read) -> str:
    """Return why a part of a hand-in has no answer at all; empty if it has one."""
    faults_ = [str(one) for one in part.answers.values() if not isinstance(one, str)]
    return faults_[0] if len(faults_) == len(part.answers) and faults_ else ""


def _joined(parts: dict[str, _Read], exercises: tuple[Exercise, ...]) -> Answers:
    """Return the answers in several archives, or in archives and in files beside them.

    Where two have different ones, nobody can tell which is the newer.
    """
    answers: Answers = {}
    for exercise in exercises:
        given = {
            name: part.answers[exercise.name]
            for name, part in parts.items()
            if exercise.name in part.answers
        }
        texts = {name: one for name, one in given.items() if isinstance(one, str)}
        texts = {
            name: one for name, one in texts.items() if one.strip() != answer_files.stub(exercise)
        } or texts
        if len(set(texts.values())) > 1:
            answers[exercise.name] = answer_files.several(exercise, sorted(texts))
        elif texts:
            answers[exercise.name] = next(iter(texts.values()))
        elif given:  # a file that cannot be used says more than one that is not there
            known = sorted(given.values(), key=lambda one: isinstance(one, faults.Missing))
            answers[exercise.name] = known[0]
    return answers


def _in_archive(path: Path, name: str, below: Path, exercises: tuple[Exercise, ...]) -> _Read:
    try:
        with archives.opened(path, name, below) as files:
            if not files:
                return _Read(
                    _unusable(exercises, f"{name} is empty; pack your .py files into it."), [], []
                )
            inside = _settled(answer_files.find(files, exercises), files, exercises)
            return _Read(inside.answers, [f"{name}/{other}" for other in inside.rest], inside.notes)
    except faults.NotLoaded as fault:
        return _Read(_unusable(exercises, str(fault)), [], [])


def _settled(found: answer_files.Found, files: Readers, exercises: tuple[Exercise, ...]) -> _Read:
    """Return what was found, with what notebooks add and what comes near the rest."""
    answer_notebooks.add(found, files, exercises)
    answers: Answers = {**found.stubs, **found.answers}
    rest = tuple(exercise for exercise in exercises if exercise.name not in answers)
    answers |= answer_files.near_misses(files, rest, answered=bool(found.answers))
    return _Read(answers, [name for name in files if name not in found.used], found.notes)


def _unusable(exercises: tuple[Exercise, ...], why: str) -> Answers:
    """Return that no answer can be used, with the sentence that says why."""
    return {exercise.name: faults.NotLoaded(why) for exercise in exercises}


def _shown(name: str) -> str:
    """Return a name that any file can hold."""
    return name[:MAX_SHOWN].encode("utf-8", "backslashreplace").decode("utf-8")


def _one_line(fault: faults.NotLoaded) -> faults.NotLoaded:
    """Return a fault whose sentence steers no terminal, whatever a student called a file."""
    return type(fault)(shown(str(fault)))
