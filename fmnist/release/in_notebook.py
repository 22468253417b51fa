"""What the test cells of an nbgrader assignment call: checks in a process, points as the result.

nbgrader takes a number that a cell returns as its points. The answer is what `fmnist grade` would
read from the notebook. It is tried in a process of its own, which can be stopped; hidden checks and
model answers come from where the course is installed, and nothing of them is in the notebook.

The cells themselves run in the process of the student's code, which can therefore forge what they
return; `fmnist grade` cannot be cheated so.
"""

import json
import os
import sys
import tempfile
from collections import Counter
from pathlib import Path

from fmnist import course
from fmnist.answer.faults import NotLoaded
from fmnist.exercises import catalog, notebook, scores
from fmnist.exercises.catalog import Exercise
from fmnist.exercises.checker import CUT_SHORT, Checker
from fmnist.exercises.feedback import Feedback
from fmnist.exercises.verdicts import State, Verdict
from fmnist.grading.hand_ins import notebook_answers
from fmnist.tools.terminal import quiet

NO_ANSWER = "No cell above defines {name}: complete the function, and run its cell."
NO_SOLUTIONS = (
    "solutions/ is missing where this runs. Hidden checks need the course's own checkout: in the "
    "kernel's environment, type: pip install --editable PATH-OF-THE-CHECKOUT"
)

_stopped: Counter[str] = Counter()  # checks that had to be stopped, by the text of the answer


class GraderError(Exception):
    """The checks themselves failed: this is no mark, and the cell must be run again."""


def public_points(name: str, *, points: float) -> float:
    """Show what the public checks say of an answer, and return its share of the points.

    Args:
        name: of the exercise, whose function a cell above defines.
        points: that it earns if all checks pass.

    Raises:
        GraderError: the checks could not be run.
    """
    from IPython.display import display  # it is there, where a cell runs

    exercise = catalog.find(name)
    verdicts = _verdicts(exercise, hidden=False)
    if not verdicts:
        return 0.0
    display(notebook.Report(Feedback(exercise, verdicts), None))
    return _share(verdicts, points)


def hidden_points(name: str, *, points: float) -> float:
    """Return what the hidden checks give for an answer, see `public_points`.

    Where they cannot be run, the kernel is ended with the reason: nbgrader then marks nothing,
    while it would take any exception of a cell for 0 points.
    """
    try:
        if not course.SOLUTIONS.is_dir():
            raise GraderError(NO_SOLUTIONS)
        verdicts = _verdicts(catalog.find(name), hidden=True)
        earned = _share(verdicts, points) if verdicts else 0.0
    except Exception as error:
        print(f"fmnist: {name}: {error} Nothing is marked.", file=sys.__stderr__, flush=True)
        os._exit(1)
    fault = next((verdict for verdict in verdicts if not verdict.passed), None)
    if fault is not None:
        print(fault.message)
    return earned


def _verdicts(exercise: Exercise, *, hidden: bool) -> tuple[Verdict, ...]:
    """Return those on the answer in this notebook; none if there is no answer, which is said."""
    try:
        text = notebook_answers.read(_cells(), "this notebook", (exercise,)).get(exercise.name, "")
    except NotLoaded as fault:
        text = fault
    if not isinstance(text, str) or not text:
        print(text or NO_ANSWER.format(name=exercise.name))
        return ()
    with quiet(), Checker() as checker, tempfile.TemporaryDirectory() as folder:
        path = Path(folder, f"{exercise.name}.py")
        path.write_text(text, "utf-8")
        verdicts = checker.every(exercise, path, hidden=hidden, stopped=_stopped[text])
    _stopped[text] += sum(verdict.kind in CUT_SHORT for verdict in verdicts)
    return tuple(verdicts)


def _cells() -> bytes:
    """Return what was run in this kernel so far, as a notebook.

    Raises:
        GraderError: this is no kernel.
    """
    import IPython

    shell = IPython.get_ipython()
    if shell is None:
        raise GraderError("These checks are for a notebook; in a file, type: fmnist check.")
    run = shell.history_manager.input_hist_raw[1:]
    cells = [{"cell_type": "code", "source": text} for text in run]
    return json.dumps({"cells": cells}).encode()


def _share(verdicts: tuple[Verdict, ...], points: float) -> float:
    if any(verdict.kind == State.GRADER_ERROR for verdict in verdicts):
        raise GraderError("The checks could not be run; that is not the answer's fault.")
    return round(points * scores.share(verdicts), 2)
