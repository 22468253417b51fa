"""The pytest plugin behind every check: the fixtures `answer` and `reference`.

It is installed as an entry point, so that plain ``pytest test_<name>.py`` works wherever a
student keeps the file. Who runs the checks in another way (`runner`, `grading`) sets
``config.stash[PROVIDER]``, a function from exercise to `Answer`.
"""

from collections.abc import Callable
from pathlib import Path

import pytest

from fmnist.answer.direct import DirectSession
from fmnist.answer.proxy import Answer, load
from fmnist.answer.source import read_source
from fmnist.exercises import catalog

Provider = Callable[[catalog.Exercise, Path], Answer]
PROVIDER: pytest.StashKey[Provider] = pytest.StashKey()


def answer_in_this_process(exercise: catalog.Exercise, path: Path) -> Answer:
    """Return the answer in `path`, loaded afresh.

    Raises:
        faults.NotLoaded: the file gives no function to call.
    """
    session = DirectSession(exercise.name)
    load(session, read_source(path), filename=str(path), imports=exercise.imports)
    return Answer(session)


def exercise_of(checks: Path) -> catalog.Exercise:
    """Return the exercise that a file of checks belongs to, by its name."""
    return catalog.find(checks.stem.removeprefix("test_").removeprefix("hidden_"))


@pytest.fixture
def answer(request: pytest.FixtureRequest) -> Answer:
    """The function under check: by default from the file beside the checks."""
    exercise = exercise_of(request.path)
    provider = request.config.stash.get(PROVIDER, answer_in_this_process)
    return provider(exercise, request.path.with_name(f"{exercise.name}.py"))


@pytest.fixture
def reference(request: pytest.FixtureRequest) -> Answer:
    """The model answer, for hidden checks; always in this process, since it is ours."""
    exercise = exercise_of(request.path)
    return answer_in_this_process(exercise, exercise.reference)
