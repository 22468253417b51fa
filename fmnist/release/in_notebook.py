"""What the test cells of an nbgrader assignment call: checks in the kernel, points as the result.

nbgrader takes a number that a cell returns as its points. It runs the cells in the process of the
student's code, which can therefore forge them; `fmnist grade` cannot be cheated so.
"""

import contextlib
import io
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from fmnist.answer.direct import DirectSession
from fmnist.answer.proxy import Answer, Session, load
from fmnist.exercises import catalog, notebook, plugin
from fmnist.exercises.catalog import Exercise
from fmnist.exercises.recorder import Recorder, run_checks
from fmnist.exercises.verdicts import State, Verdict
from fmnist.terminal import quiet


class GraderError(Exception):
    """The checks themselves failed: this is no mark, and the cell must be run again."""


def public_points(function: Callable, points: float) -> float:
    """Show what the public checks say of an answer, and return its share of the points.

    Args:
        function: the answer, under the name of its exercise.
        points: that it earns if all checks pass.

    Raises:
        GraderError: the checks could not be run.
    """
    from IPython.display import display  # it is there, where a cell runs

    with _no_errors_shown():
        report = notebook.check(function)
    display(report)
    return _share(report.feedback.verdicts, points)


def hidden_points(function: Callable, points: float, *, checks: str, reference: str) -> float:
    """Return what the hidden checks give for an answer, see `public_points`.

    Args:
        function: the answer, under the name of its exercise.
        points: that it earns if all checks pass.
        checks: text of the file of hidden checks, which students do not have.
        reference: text of the model answer.

    Raises:
        GraderError: the checks could not be run.
    """
    exercise = catalog.find(function.__name__)
    judge = _Judge(function, reference)
    with _no_errors_shown(), tempfile.TemporaryDirectory() as folder:
        file = Path(folder, f"hidden_{exercise.name}.py")
        file.write_text(checks, "utf-8")
        run_checks([file], "--capture=no", plugins=[judge])
    fault = next((verdict for verdict in judge.verdicts if not verdict.passed), None)
    if fault is not None:
        print(fault.message)
    return _share(tuple(judge.verdicts), points)


class _Judge(Recorder):
    """Gives the checks an answer and a reference that need no file."""

    def __init__(self, function: Callable, reference: str):
        super().__init__()
        self._function = function
        self._reference = reference

    def pytest_configure(self, config: pytest.Config) -> None:
        """Set where the fixtures come from."""
        config.stash[plugin.PROVIDER] = lambda exercise, _: Answer(
            DirectSession(exercise.name, self._function)
        )
        config.stash[plugin.REFERENCES] = self._load

    def _load(self, exercise: Exercise) -> Session:
        session = DirectSession(exercise.name)
        load(session, self._reference, filename=f"{exercise.name}.py", imports=exercise.imports)
        return session


def _share(verdicts: tuple[Verdict, ...], points: float) -> float:
    if not verdicts or any(verdict.kind == State.GRADER_ERROR for verdict in verdicts):
        raise GraderError("The checks could not be run; that is not the answer's fault.")
    passed = sum(verdict.passed for verdict in verdicts)
    return points if passed == len(verdicts) else round(points * passed / len(verdicts), 2)


@contextlib.contextmanager
def _no_errors_shown() -> Iterator[None]:
    """Keep standard error empty: whatever a library writes there costs all points of the cell."""
    with quiet(), contextlib.redirect_stderr(io.StringIO()):
        yield
