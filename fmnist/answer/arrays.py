"""An answer whose lists of numbers arrive as NumPy arrays: plain Python code must bear both."""

import sys
from typing import Any

from fmnist.answer.proxy import Answer


class AnswerToArrays:
    """Calls an answer with arrays instead of lists, and reads its result as plain Python.

    Args:
        answer: to a plain exercise.
    """

    def __init__(self, answer: Answer):
        self._answer = answer

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Return what the answer returns, with Python's own numbers."""
        given = {key: _as_array(value) for key, value in kwargs.items()}
        return _as_plain(self._answer(*map(_as_array, args), **given))

    def describe(self, args: tuple, kwargs: dict[str, Any]) -> str:
        """Return the call as a student would write it."""
        return self._answer.describe(args, kwargs)


def _as_array(value: Any) -> Any:
    """Return nested lists of numbers as an array; anything else as it is."""
    if type(value) is not list:
        return value
    import numpy  # only who asks for arrays needs it

    try:
        array = numpy.array(value)
    except ValueError:  # rows of different lengths
        return value
    return array if array.dtype.kind in "bif" and array.size else value


def _as_plain(value: Any) -> Any:
    numpy = sys.modules.get("numpy")
    if numpy is not None and isinstance(value, numpy.generic):
        return value.item()
    if isinstance(value, list | tuple):
        return type(value)(map(_as_plain, value))
    if isinstance(value, dict):
        return {key: _as_plain(part) for key, part in value.items()}
    return value
