"""The answers in the notebooks of a hand-in: in the only one, or in those of the chapters.

A chapter's notebook, ``<phase>.ipynb``, answers the exercises of its phase; its name may have been
changed as those of other files, see `near_names`. What none of them answers may be in another one.
Where several could be meant none is taken, and the author is told.
"""

import ast

from fmnist.answer import faults
from fmnist.course import PHASES
from fmnist.exercises.catalog import Exercise
from fmnist.grading.hand_ins import near_names, notebook_answers
from fmnist.grading.hand_ins.answer_files import Found, base, can_be_meant, listed
from fmnist.grading.hand_ins.archives import Readers
from fmnist.grading.hand_ins.names import NOTEBOOK, NOTEBOOKS, stem
from fmnist.grading.hand_ins.notebook_answers import Answers

MAX_NOTEBOOKS = 12  # of a hand-in that are read
NOT_DONE = "NotImplementedError"  # stands in a stub, in whatever cell it is


def add(found: Found, files: Readers, exercises: tuple[Exercise, ...]) -> None:
    """Add to what was found what notebooks answer of the rest.

    Args:
        found: in files of Python.
        files: all of a hand-in, by name.
        exercises: that count.
    """
    waiting = found.open(exercises)
    _tell_of_others(found, files, tuple(one for one in exercises if one not in waiting))
    notebooks = [name for name in sorted(files) if _is_notebook(name)][:MAX_NOTEBOOKS]
    if not (waiting and notebooks):
        return
    if len(notebooks) == 1:
        answers = _read(notebooks[0], files, waiting)
        if answers:
            found.used.add(notebooks[0])
        for exercise in waiting:
            if exercise.name in answers:
                _take(found, exercise, notebooks[0], answers[exercise.name])
        return
    of_phase = {name: phase for name in notebooks if (phase := _phase(name))}
    free = [name for name in notebooks if name not in of_phase]
    for phase in PHASES:
        own = [name for name, its_phase in of_phase.items() if its_phase == phase]
        _add_from(own, found, files, tuple(one for one in waiting if one.phase == phase))
    _add_from(free, found, files, found.open(waiting), others=bool(of_phase))


def _tell_of_others(found: Found, files: Readers, answered: tuple[Exercise, ...]) -> None:
    """Tell where a notebook answers in another way what a file of Python answers, and counts."""
    for name in [name for name in sorted(files) if _is_notebook(name)][:MAX_NOTEBOOKS]:
        read = _read(name, files, answered)
        others = [
            one.name
            for one in answered
            if isinstance(answer := read.get(one.name), str) and not _is_open(answer)
            if _defined(answer, one.name) != _defined(str(found.answers[one.name]), one.name)
        ]
        if others:
            found.notes.append(
                f"{', '.join(others)}: the file of Python counts, and not another answer in "
                f"{listed([name])}."
            )


def _defined(text: str, name: str) -> list[str]:
    """Return what Python reads where a text defines a name, whatever blanks and comments it has."""
    try:
        nodes = ast.parse(text).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return []
    return [ast.dump(node) for node in nodes if getattr(node, "name", "") == name]


def _add_from(
    names: list[str],
    found: Found,
    files: Readers,
    exercises: tuple[Exercise, ...],
    *,
    others: bool = False,
) -> None:
    """Take each answer from the notebook that alone has one; tell where several have."""
    if not exercises:
        return
    read = {name: _read(name, files, exercises) for name in names}
    for exercise in exercises:
        having = [
            name
            for name in names
            if exercise.name in read[name] and not _is_open(read[name][exercise.name])
        ]
        if len(having) > 1:
            why = (
                f"There are several notebooks ({', '.join(names[:5])}); hand in one, or call them "
                f"{PHASES[0]}{NOTEBOOK}, ..."
            )
            for one in exercises:
                found.answers[one.name] = faults.Doubtful(why)
            return
    for exercise in exercises:
        having = [name for name in names if exercise.name in read[name]]
        having.sort(key=lambda name: _is_open(read[name][exercise.name]))
        if having and not (others and isinstance(read[having[0]][exercise.name], faults.NotLoaded)):
            _take(found, exercise, having[0], read[having[0]][exercise.name])
            found.used.add(having[0])


def _take(found: Found, exercise: Exercise, name: str, answer: str | faults.NotLoaded) -> None:
    """Take an answer, unless the stub that is there says as much."""
    if exercise.name not in found.stubs:
        found.answers[exercise.name] = answer
    elif isinstance(answer, str) and not _is_open(answer):
        del found.stubs[exercise.name]
        found.answers[exercise.name] = answer
        found.notes.append(
            f"{exercise.name}: read from {listed([name])}; {exercise.name}.py is as it came."
        )


def _read(name: str, files: Readers, exercises: tuple[Exercise, ...]) -> Answers:
    try:
        raw = files[name](notebook_answers.MAX_NOTEBOOK)
        return notebook_answers.read(raw, name, exercises)
    except faults.TooLarge as fault:
        why = faults.NotLoaded(f"{str(fault).rstrip('.')}; {notebook_answers.ADVICE}.")
        return dict.fromkeys((exercise.name for exercise in exercises), why)
    except faults.NotLoaded as fault:
        return dict.fromkeys((exercise.name for exercise in exercises), fault)


def _is_open(answer: str | faults.NotLoaded) -> bool:
    return isinstance(answer, str) and NOT_DONE in answer


def _is_notebook(name: str) -> bool:
    return can_be_meant(name) and name.lower().endswith(NOTEBOOKS)


def _phase(name: str) -> str:
    """Return the phase of whose chapter a notebook is; empty if it is of none."""
    called = stem(base(name))
    return next((phase for phase in PHASES if near_names.could_be(called, phase)), "")
