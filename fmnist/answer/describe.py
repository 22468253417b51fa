"""Values and calls in a few words, for messages; bounded work, however large the value."""

import sys
from typing import Any

SHOWN = 12  # elements of a sequence or an array that a message spells out
DEEP = 3  # levels of nesting that it spells out
WIDTH = 120  # characters of one value


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
    numpy = sys.modules.get("numpy")
    if numpy is not None and isinstance(value, numpy.ndarray):
        if value.size <= SHOWN:
            return f"{value.dtype} array {value.tolist()}"
        return f"{value.dtype} array of shape {value.shape}"
    if numpy is not None and isinstance(value, numpy.generic):
        return f"numpy.{value.dtype}({value})"
    if isinstance(value, str):
        return repr(value[: WIDTH + 1])
    if not isinstance(value, list | tuple | dict):
        return repr(value)
    if len(value) > SHOWN or depth >= DEEP:
        return f"{type(value).__name__} of {len(value)} elements"
    if isinstance(value, dict):
        pairs = [f"{key!r:.40}: {_described(part, depth=depth + 1)}" for key, part in value.items()]
        return f"{{{', '.join(pairs)}}}"
    parts = ", ".join(_described(part, depth=depth + 1) for part in value)
    if isinstance(value, tuple):
        return f"({parts},)" if len(value) == 1 else f"({parts})"
    return f"[{parts}]"
