"""Values and calls in a few words, for messages."""

import sys
from typing import Any

SHOWN = 12  # elements of a sequence or an array that a message spells out
WIDTH = 120  # characters of one value


def describe(value: Any) -> str:
    """Return `value` as a student would write it, or what kind of thing it is if it is large."""
    numpy = sys.modules.get("numpy")
    if numpy is not None and isinstance(value, numpy.ndarray):
        if value.size <= SHOWN:
            return f"{value.dtype} array {value.tolist()}"
        return f"{value.dtype} array of shape {value.shape}"
    if numpy is not None and isinstance(value, numpy.generic):
        return f"numpy.{value.dtype}({value})"
    if isinstance(value, list | tuple) and len(value) > SHOWN:
        return f"{type(value).__name__} of {len(value)} elements"
    text = value if isinstance(value, str) and value.isidentifier() else repr(value)
    return text if len(text) <= WIDTH else f"{text[: WIDTH - 4]} ..."


def describe_call(name: str, args: tuple, kwargs: dict[str, Any]) -> str:
    """Return a call, shortened: ``conv_output_size(28, 5, padding=2)``."""
    given = [describe(arg) for arg in args]
    given += [f"{key}={describe(value)}" for key, value in kwargs.items()]
    return f"{name}({', '.join(given)})"
