"""What the test cells of an nbgrader assignment call: checks in the kernel, points as the result.

nbgrader takes a number that a cell returns as its points. It runs the cells in the process of the
student's code, which can therefore forge them; `fmnist grade` cannot be cheated so.
"""

import contextlib
import io
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

from fmnist.answer.direct import DirectSession
from fmnist.answer.proxy import Answer, load
from fmnist.exercises import answers, catalog, notebook, scores
from fmnist.exercises.checks import NotCollected, collect, run
from fmnist.exercises.verdicts import State, Verdict
from fmnist.tools.terminal import quiet


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

    def model() -> Answer:
        session = DirectSession(exercise.name)
        load(session, reference, filename=f"{exercise.name}.py", imports=exercise.imports)
        return answers.model_answer(session)

    verdicts: tuple[Verdict, ...] = ()
    with (
        _no_errors_shown(),
        tempfile.TemporaryDirectory() as folder,
        contextlib.suppress(NotCollected),  # then there is no verdict
    ):
        file = Path(folder, f"hidden_{exercise.name}.py")
        file.write_text(checks, "utf-8")
        verdicts = tuple(
            run(
                check,
                answer=lambda: Answer(DirectSession(exercise.name, function)),
                reference=model,
            )
            for check in collect([file])
        )
    fault = next((verdict for verdict in verdicts if not verdict.passed), None)
    if fault is not None:
        print(fault.message)
    return _share(verdicts, points)


def _share(verdicts: tuple[Verdict, ...], points: float) -> float:
    if not verdicts or any(verdict.kind == State.GRADER_ERROR for verdict in verdicts):
        raise GraderError("The checks could not be run; that is not the answer's fault.")
    return round(points * scores.share(verdicts), 2)


@contextlib.contextmanager
def _no_errors_shown() -> Iterator[None]:
    """Keep standard error empty: whatever a library writes there costs all points of the cell."""
    with quiet(), contextlib.redirect_stderr(io.StringIO()):
        yield
