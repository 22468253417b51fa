"""The fixtures `answer` and `reference`, for plain ``pytest test_<name>.py``.

This module is installed as an entry point of pytest, so that the command works wherever a student
keeps the file. The course's own commands collect checks and call them, see `checks`.
"""

import pytest

from fmnist.answer.proxy import Answer
from fmnist.exercises import answers
from fmnist.exercises.checks import exercise_of


@pytest.fixture
def answer(request: pytest.FixtureRequest) -> Answer:
    """The function under check, from the file beside the checks."""
    exercise = exercise_of(request.path)
    return answers.answer(exercise, request.path.with_name(f"{exercise.name}.py"))


@pytest.fixture
def reference(request: pytest.FixtureRequest) -> Answer:
    """The model answer, for hidden checks."""
    return answers.reference(exercise_of(request.path))
