"""Which file is the answer of which exercise, among all files of a hand-in.

What is found first counts:

1. the file where it is expected: ``<phase>/<name>.py`` or ``<name>.py``, in the innermost folder
   that everything is in, or in ``exercises/`` there, as a copy for students has it;
2. the only file ``<name>.py``, wherever it lies;
3. the only file whose name can mean no other, see `near_names`;
4. the only file of Python that defines the function and is not called like another exercise.

Files that say the same are one, and a stub that is as it came is an answer only if there is no
other. Where several could be meant, none is taken, and the author is told their names. Nothing of
them is run.
"""

import functools
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from fmnist.answer import faults
from fmnist.answer.source import MAX_SOURCE, decoded
from fmnist.exercises import catalog
from fmnist.exercises.catalog import Exercise
from fmnist.grading.hand_ins import near_names
from fmnist.grading.hand_ins.archives import Reader, Readers
from fmnist.grading.hand_ins.listing import common_folder, leads_out
from fmnist.grading.hand_ins.names import ARCHIVES, NOTEBOOKS, PYTHON
from fmnist.grading.hand_ins.notebook_answers import DEFINITION, Answers
from fmnist.tools.terminal import shown

SEVERAL = "Several files could be"  # begins the sentence on them
MAX_SEARCHED = 4_000_000  # characters of files that are searched for a definition
MAX_READ = 32_000_000  # characters of files that are read
MAX_RIVALS = 30  # files of which it is looked at whether they say the same
LAMBDA = re.compile(r"^(\w+)[ \t]*=(?!=)", re.MULTILINE)
MAX_COMPARED = 300  # names that are compared with that of a missing answer
MAX_NAMED = 5  # names in a sentence
MAX_SHOWN = 100  # characters of a name in a sentence
FOLDER = "exercises/"  # in which a copy for students has the phases
CHECKS = ("test_", "hidden_", "conftest.")  # begin the names of files that are no answers


@dataclass
class Found:
    """What was found of the answers of a hand-in.

    Attributes:
        answers: what is in the files, or why it cannot be used, by name of the exercise.
        stubs: of the exercises without an answer those of which there is the stub, and its text.
        used: names of the files that these are in.
        notes: what its author should know of how the files were read.
    """

    answers: Answers = field(default_factory=dict)
    stubs: dict[str, str] = field(default_factory=dict)
    used: set[str] = field(default_factory=set)
    notes: list[str] = field(default_factory=list)

    def open(self, exercises: Iterable[Exercise]) -> tuple[Exercise, ...]:
        """Return those of some exercises that have no answer yet."""
        return tuple(exercise for exercise in exercises if exercise.name not in self.answers)


def find(files: Readers, exercises: tuple[Exercise, ...], *, by_content: bool = True) -> Found:
    """Return the answers in files of Python.

    Args:
        files: all of a hand-in, by name; each is read when it is looked at.
        exercises: that count.
        by_content: whether a file may be the answer by what it defines, whatever it is called.
    """
    search = _Search(files, by_content=by_content)
    for exercise in exercises:
        search.look_for(exercise)
    return search.found


class _Search:
    def __init__(self, files: Readers, *, by_content: bool):
        self.found = Found()
        self._by_content = by_content
        self._files = files
        self._names = [name for name in sorted(files) if can_be_meant(name)]
        self._home = common_folder(self._names)
        self._meaning: dict[str, list[str]] = {}  # by what a name may have been, squeezed
        for name in self._names:
            for meant in _meant(base(name)):
                self._meaning.setdefault(meant, []).append(name)
        self._called: dict[str, list[str]] = {}  # by name without folders
        for name in self._names:
            self._called.setdefault(base(name), []).append(name)
        self._texts: dict[str, str | faults.NotLoaded] = {}
        self._read = 0

    def look_for(self, exercise: Exercise) -> None:
        """Find the answer of an exercise, or its stub."""
        expected = self._expected(exercise)
        called = self._called.get(f"{exercise.name}{PYTHON}", [])
        near = [one for one in self._near(exercise) if one not in called]
        stubs = [name for name in expected if self._is_stub(name, exercise)]
        answers = [name for name in expected if name not in stubs]
        if answers:
            self._take(answers[0], exercise)
            self._tell_of_others(answers[0], [*called, *near], exercise)
            return
        for how, find_them in (
            (None, lambda: called),
            ("", lambda: near),
            (", the only file that defines it", lambda: self._that_define(exercise)),
        ):
            rivals = [name for name in find_them() if name not in expected]
            if len(rivals) <= MAX_RIVALS:
                stubs += [name for name in rivals if self._is_stub(name, exercise)]
                rivals = [name for name in rivals if name not in stubs]
            if len(rivals) > MAX_RIVALS or len({str(self._text(name)) for name in rivals}) > 1:
                self.found.answers[exercise.name] = several(exercise, rivals)
                return
            if rivals:
                self._take(rivals[0], exercise)
                self._tell_how(rivals[0], exercise, how, stubs)
                return
        if stubs:
            self.found.stubs[exercise.name] = str(self._text(stubs[0]))
            self.found.used.add(stubs[0])

    def _expected(self, exercise: Exercise) -> list[str]:
        """Return where the file is expected and is, the first place first."""
        names = (f"{self._home}{place}" for place in places(exercise))
        return [name for name in names if name in self._files]

    def _near(self, exercise: Exercise) -> list[str]:
        """Return the files whose names can mean no other, and that can be Python."""
        near = self._meaning.get(near_names.squeezed(exercise.name), [])
        python = [name for name in near if near_names.is_python(base(name))]
        texts = [name for name in near if name not in python and near_names.is_text(base(name))]
        return python + [name for name in texts[:MAX_RIVALS] if self._defines(name, exercise)]

    def _that_define(self, exercise: Exercise) -> list[str]:
        """Return the files of Python that define the function and are nobody else's."""
        if not self._by_content:
            return []
        free = self._free
        if len(free) == len(self._names) == 1 and not isinstance(self._text(free[0]), str):
            return free  # it cannot be read, and is all that there is
        if self._defining is None:
            self.found.notes.append(
                f"There were too many files to look for {exercise.name} in all of them: call the "
                f"file {exercise.name}{PYTHON}."
            )
            return []
        return self._defining.get(exercise.name, [])

    @functools.cached_property
    def _free(self) -> list[str]:
        """The files of Python that are neither checks nor called like an exercise."""
        python = (name for name in self._names if near_names.is_python(base(name)))
        return [name for name in python if not (_is_check(name) or of_exercise(name))]

    @functools.cached_property
    def _defining(self) -> dict[str, list[str]] | None:
        """By name of a function the free files that define it; None if they are too many."""
        found: dict[str, list[str]] = {}
        searched = 0
        for name in self._free:
            text = self._text(name)
            searched += len(str(text))
            if searched > MAX_SEARCHED:
                return None
            for defined in defined_in(text) if isinstance(text, str) else ():
                found.setdefault(defined, []).append(name)
        return found

    def _take(self, name: str, exercise: Exercise) -> None:
        self.found.answers[exercise.name] = self._text(name)
        self.found.used.add(name)

    def _tell_of_others(self, name: str, names: list[str], exercise: Exercise) -> None:
        """Tell of files that could have been meant as well and say something else."""
        taken = self._text(name)
        others = [
            other
            for other in names[:MAX_RIVALS]
            if other != name and self._text(other) != taken and not self._is_stub(other, exercise)
        ]
        if others:
            self.found.notes.append(
                f"{exercise.name}: {listed([name])} counts, which has the right name in the right "
                f"place, and not {listed(others)}."
            )

    def _tell_how(self, name: str, exercise: Exercise, how: str | None, stubs: list[str]) -> None:
        """Tell of a name that is not the right one, or of a stub that was passed over."""
        if how is not None and (not how or len(self._names) > 1):
            self.found.notes.append(
                f"{exercise.name}: read from {listed([name])}{how}; call it "
                f"{exercise.name}{PYTHON} next time."
            )
        elif stubs:
            self.found.notes.append(
                f"{exercise.name}: read from {listed([name])}; {listed(stubs[:1])} is as it came."
            )

    def _text(self, name: str) -> str | faults.NotLoaded:
        """Return what is in a file, or why it cannot be used."""
        if name not in self._texts:
            try:
                if self._read > MAX_READ:
                    raise faults.NotLoaded(f"{base(name)} is one file too many to be read.")
                self._texts[name] = decoded(self._files[name](MAX_SOURCE), base(name))
            except faults.NotLoaded as fault:
                self._texts[name] = fault
            self._read += len(str(self._texts[name]))
        return self._texts[name]

    def _defines(self, name: str, exercise: Exercise) -> bool:
        text = self._text(name)
        return isinstance(text, str) and exercise.name in defined_in(text)

    def _is_stub(self, name: str, exercise: Exercise) -> bool:
        text = self._text(name)
        return isinstance(text, str) and text.strip() == stub(exercise)


def several(exercise: Exercise, names: list[str]) -> faults.Doubtful:
    """Return that nobody can know which of some files is the answer: no mark, and not 0."""
    return faults.Doubtful(
        f"{SEVERAL} {exercise.name}{PYTHON}: {listed(names)}; hand in the one that counts."
    )


def places(exercise: Exercise) -> list[str]:
    """Return where the file of an answer is expected, the first place first."""
    folders = [
        f"{folder}{phase}" for phase in (f"{exercise.phase}/", "") for folder in ("", FOLDER)
    ]
    return [f"{folder}{exercise.name}{PYTHON}" for folder in folders]


def near_misses(
    files: Readers, exercises: tuple[Exercise, ...], *, answered: bool
) -> dict[str, faults.Missing]:
    """Return what comes near the answers of exercises that have none; nothing where nothing does.

    Args:
        files: all of a hand-in, by name.
        exercises: without an answer.
        answered: whether others have one; then a file without a telling name is no near miss.
    """
    if not exercises:
        return {}
    names = [name for name in sorted(files) if can_be_meant(name)][:MAX_COMPARED]
    own = [name for name in names if not _is_check(name)]
    told = {}
    for exercise in exercises:
        near = _near_ones(own, exercise, answered=answered)
        outside = [name for name in files if leads_out(name) and _is_called(name, exercise)]
        if outside:
            what = (
                f"{listed(outside)} leads out of the hand-in, and is not read: pack the file "
                "without the folders above it."
            )
        elif defining := [name for name in near if _is_defined_in(files[name], exercise)]:
            what = f"Perhaps {listed(defining[:1])} was meant: call it {exercise.name}{PYTHON}."
        elif len(near) == 1:
            what = f"Perhaps {listed(near)} was meant, which does not define {exercise.name}."
        elif near:
            what = f"Perhaps one of {listed(near)} was meant; none of them defines {exercise.name}."
        elif notebooks := [name for name in names if name.lower().endswith(NOTEBOOKS)]:
            what = f"{exercise.name} is not defined in {listed(notebooks)}, either."
        elif packed := [name for name in names if name.lower().endswith(ARCHIVES)]:
            what = f"{listed(packed)} was not opened: unpack it, and hand in what is in it."
        else:
            continue
        no_file = f"There is no file {exercise.name}{PYTHON}."
        told[exercise.name] = faults.Missing(f"{no_file} {what}")
    return told


def _is_called(name: str, exercise: Exercise) -> bool:
    file = name.replace("\\", "/").rpartition("/")[2]
    return near_names.squeezed(exercise.name) in _meant(file)


def _is_defined_in(read: Reader, exercise: Exercise) -> bool:
    try:
        return exercise.name in defined_in(decoded(read(MAX_SOURCE), exercise.name))
    except faults.NotLoaded:
        return False


def _near_ones(names: list[str], exercise: Exercise, *, answered: bool) -> list[str]:
    """Return the files that come nearest to an answer: by name or, if there is none, as Python."""
    wanted = near_names.squeezed(exercise.name)
    free = [name for name in names if not (_meant(base(name)) & _course()) - {wanted}]
    near = [name for name in free if wanted in _meant(base(name))]
    near = near or [name for name in free if near_names.is_alike(base(name), exercise.name)]
    if not near and not answered:
        near = [name for name in free if near_names.is_python(base(name))]
    return near


def listed(names: list[str]) -> str:
    """Return some names for a sentence; of very many, the first."""
    marked = [f"`{shown(name[:MAX_SHOWN])}`" for name in names[:MAX_NAMED]]
    more = len(names) - MAX_NAMED
    if more > 0:
        return f"{', '.join(marked)} and {more} more"
    return " and ".join(filter(None, [", ".join(marked[:-1]), marked[-1]]))


def defined_in(text: str) -> set[str]:
    """Return the functions and classes that a text seems to define, perhaps as a lambda."""
    return {*DEFINITION.findall(text), *LAMBDA.findall(text)}


@functools.cache
def stub(exercise: Exercise) -> str:
    """Return the text of the stub of an exercise; empty if there is none here."""
    try:
        return exercise.stub.read_text("utf-8").strip()
    except OSError:
        return ""


def of_exercise(name: str) -> bool:
    """Return whether a file is called like an exercise of the course."""
    return bool(_meant(base(name)) & _course())


@functools.cache
def _course() -> frozenset[str]:
    return frozenset(near_names.squeezed(exercise.name) for exercise in catalog.load())


@functools.lru_cache(4096)
def _meant(file: str) -> frozenset[str]:
    return frozenset(near_names.squeezed(form) for form in near_names.forms(file))


def _is_check(name: str) -> bool:
    return base(name).lower().startswith(CHECKS)


def base(name: str) -> str:
    """Return the name of a file without the folders that it is in."""
    return PurePosixPath(name).name


def can_be_meant(name: str) -> bool:
    """Return whether a name can be that of an answer: it leads nowhere else and hides nothing."""
    return not leads_out(name) and "\0" not in name
