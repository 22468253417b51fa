"""What somebody earns who computes nothing: a table of the public checks' answers, or a constant.

Public checks show their inputs and what they expect. So do the examples in a stub's docstring.
"""

import ast
import functools
import itertools
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from fmnist.answer.describe import describe
from fmnist.answer.direct import DirectSession
from fmnist.answer.proxy import Answer
from fmnist.exercises import answers, checks, scores
from fmnist.exercises.catalog import Exercise
from fmnist.exercises.checks import Check
from fmnist.inside import codec

MOST_OF_A_TABLE = 0.2  # share of an exercise
MOST_OF_A_CONSTANT = 0.1
ROUNDED = 1e-9
CONSTANTS: tuple[Any, ...] = (
    *(None, True, False, 0, 1, -1, 2, 10, 0.0, 0.1, 0.5, 1.0, float("nan"), "", "fine"),
    *([], (), {}, [0], [0.0], [[]], (0, 0), (0.0, 0.0), (0, 0.0), (0, 0, 0), (0.0, 0.0, 1.0)),
    *([0] * 10, [0.1] * 10, ([], []), ([], [], []), ([], [0], []), [[0, 1]], [[0, 3]]),
)
MOST_RESULTS = 40  # of the public checks that are tried as constants, too
Function = Callable[..., Any]
Table = dict[tuple[bytes, bytes], Any]


def problems(exercise: Exercise, *, seed: int = 0) -> Iterator[str]:
    """Yield what earns more without any work than it may.

    Models are no plain data: of an exercise with Keras nothing is tried.

    Args:
        exercise: all of whose files are there.
        seed: of a class.
    """
    if exercise.keras:
        return
    files = [exercise.public_checks, exercise.hidden_checks]
    collected = [checks.seeded(check, seed) for check in checks.collect(files)]
    table = _table(exercise, [check for check in collected if not check.hidden])
    if (earned := _earned(exercise, collected, _looking_up(table))) > MOST_OF_A_TABLE + ROUNDED:
        yield _told("a table of the public checks' answers", earned, MOST_OF_A_TABLE)
    results = [value for value in table.values() if not isinstance(value, ValueError)]
    for constant in (*CONSTANTS, *results[:MOST_RESULTS], *_examples(exercise)):
        if (
            earned := _earned(exercise, collected, _giving(constant))
        ) > MOST_OF_A_CONSTANT + ROUNDED:
            yield _told(f"the constant {describe(constant)}", earned, MOST_OF_A_CONSTANT)


def _told(what: str, earned: float, most: float) -> str:
    return (
        f"{what} earns {earned:.0%} of it, and may earn {most:.0%}: write hidden checks that it "
        "fails, on inputs that a seed draws."
    )


def _earned(exercise: Exercise, collected: Sequence[Check], function: Function) -> float:
    right = _right(exercise)
    verdicts = [
        checks.run(
            check,
            answer=lambda: Answer(DirectSession(exercise.name, function)),
            reference=lambda: right,
        )
        for check in collected
    ]
    return scores.share(verdicts)


@functools.lru_cache(maxsize=1)
def _right(exercise: Exercise) -> Answer:
    return answers.reference(exercise)


def _giving(value: Any) -> Function:
    def given(*_: Any, **__: Any) -> Any:
        return value

    return given


def _key(args: tuple, kwargs: dict[str, Any]) -> tuple[bytes, bytes]:
    return codec.dumps([args, sorted(kwargs.items())])


def _table(exercise: Exercise, public: Sequence[Check]) -> Table:
    """Return what the model answer gives to each call of the public checks."""
    right = answers.answer(exercise, exercise.reference)
    table: Table = {}

    def noting(*args: Any, **kwargs: Any) -> Any:
        key = _key(args, kwargs)
        try:
            table[key] = right(*args, **kwargs)
        except ValueError as error:
            table[key] = error
            raise ValueError(str(error)) from None
        return table[key]

    _earned(exercise, public, noting)
    return table


def _looking_up(table: Table) -> Function:
    def looked_up(*args: Any, **kwargs: Any) -> Any:
        found = table.get(_key(args, kwargs))
        if found is None or isinstance(found, ValueError):
            raise ValueError("not in the table")
        return found

    return looked_up


def _examples(exercise: Exercise) -> Iterator[Any]:
    """Yield the results of the examples in the stub's docstring, where they are plain."""
    docstring = ast.get_docstring(
        next(
            node
            for node in ast.parse(exercise.stub.read_text("utf-8")).body
            if isinstance(node, ast.FunctionDef) and node.name == exercise.name
        )
    )
    lines = (docstring or "").splitlines()
    for line, after in itertools.pairwise(lines):
        if line.strip().startswith(">>>") and after.strip():
            try:
                yield ast.literal_eval(after.strip())
            except (SyntaxError, ValueError):
                continue
