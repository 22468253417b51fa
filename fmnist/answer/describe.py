"""Values and calls in a few words, for messages; bounded work, however large the value.

What is no plain data is named by its type: its own words could be of any length, and hold the
address of an object, which differs from run to run.
"""

import sys
from typing import Any

from fmnist.inside import codec

SHOWN = 12  # elements of a sequence or an array that a message spells out
DEEP = 3  # levels of nesting that it spells out
WIDTH = 120  # characters of one value
NAME = 40  # characters of a key, or of the name of a type


def describe(value: Any) -> str:
    """Return `value` as a student would write it, or what kind of thing it is if it is large."""
    text = _described(value, depth=0)
    return text if len(text) <= WIDTH else f"{text[: WIDTH - 4]} ..."


def describe_call(name: str, args: tuple, kwargs: dict[str, Any]) -> str:
    """Return a call, shortened: ``conv_output_size(28, 5, padding=2)``."""
    given = [describe(arg) for arg in args]
    given += [f"{key}={describe(value)}" for key, value in kwargs.items()]
    return f"{name}({', '.join(given)})"


def _described(value: Any, *, depth: int) -> str:
    kind = type(value)
    if value is None or kind in (bool, float):
        return repr(value)
    if kind is int:
        bits = value.bit_length()  # Python refuses to write an int of very many digits
        return repr(value) if bits <= codec.MAX_INT_BITS else f"an int of {bits:,} bits"
    if kind is str:
        return repr(value[: WIDTH + 1])
    if kind in (list, tuple, dict):
        return _of_parts(value, depth)
    numpy = sys.modules.get("numpy")
    if numpy is not None and kind is numpy.ndarray:
        return _of_array(value)
    if numpy is not None and issubclass(kind, numpy.generic):
        if value.dtype.name in codec.DTYPES:
            return f"numpy.{value.dtype}({value})"
        return f"a NumPy scalar of dtype {value.dtype.name[:NAME]}"
    words = getattr(kind, "IN_WORDS", None)  # of a handle
    return words if type(words) is str else f"an object of type {kind.__name__[:NAME]}"


def _of_array(array: Any) -> str:
    """Return an array by its dtype and shape, which are looked at first, and perhaps its numbers.

    Lists of an array without elements may be many all the same: one for each of its rows.
    """
    name = array.dtype.name[:NAME]
    if name in codec.DTYPES and (0 < array.size <= SHOWN or array.shape == (0,)):
        return f"{name} array {array.tolist()}"
    return f"{name} array of shape {array.shape}"


def _of_parts(value: Any, depth: int) -> str:
    if len(value) > SHOWN or depth >= DEEP:
        return f"{type(value).__name__} of {len(value)} elements"
    if type(value) is dict:
        pairs = [
            f"{_described(key, depth=depth + 1)[:NAME]}: {_described(part, depth=depth + 1)}"
            for key, part in value.items()
        ]
        return f"{{{', '.join(pairs)}}}"
    parts = ", ".join(_described(part, depth=depth + 1) for part in value)
    if type(value) is tuple:
        return f"({parts},)" if len(value) == 1 else f"({parts})"
    return f"[{parts}]"
