"""What a check says of an answer, one thing after another: type, shape, range, value.

    expect(answer, 28, 3, stride=2).is_int().equals(13, idea="Round down: ...")

The first expectation that does not hold raises `Wrong` with the call, what came back, what was
expected, and the idea behind it. Nothing is broadcast or squeezed before it is judged: `equals`
wants the same types and shapes, `is_close` the same shapes, and `lies_in` any number of numbers.
"""

import math
import sys
from collections.abc import Callable
from typing import Any, Protocol

from fmnist.answer.describe import describe
from fmnist.answer.faults import Raised, Wrong
from fmnist.answer.proxy import ModelHandle

MAX_NUMBERS = 2_000_000  # of a result whose numbers are looked at one by one
RAGGED = "rows of different shapes"  # stands in the shape of nested lists that are no table


class Described(Protocol):
    """A function that can put a call of itself into words: the fixture `answer`."""

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Return what the function returns."""

    def describe(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> str:
        """Return the call as a student would type it."""


def expect(function: Described, /, *args: Any, **kwargs: Any) -> "Claim":
    """Call an answer and return a `Claim` about what came back.

    Args:
        function: the fixture `answer`, or anything with a method `describe`.
        args: its arguments.
        kwargs: its keyword arguments.
    """
    value = function(*args, **kwargs)
    return Claim(value, call=lambda: function.describe(args, kwargs))


def expect_error(
    function: Described, /, *args: Any, error: type[Exception], idea: str, **kwargs: Any
) -> None:
    """Expect that a call raises `error`.

    Raises:
        Wrong: the call returned, or raised something else.
    """
    try:
        got = describe(function(*args, **kwargs))
    except Raised as raised:
        if isinstance(raised, error):
            return
        got = str(raised)
    call = function.describe(args, kwargs)
    raise Wrong(_message(call, got, f"a {error.__name__}", idea), idea=idea)


class Claim:
    """A value that came back from a call, to be judged step by step.

    Words are made for what does not hold, and for nothing else: most claims hold.

    Attributes:
        value: plain data, or the handle of a model.

    Args:
        value: as above.
        call: the call as a student would write it, or what gives it.
    """

    def __init__(self, value: Any, *, call: str | Callable[[], str]):
        self.value = value
        self._call = call

    @property
    def call(self) -> str:
        """The call as a student would write it."""
        return self._call if isinstance(self._call, str) else self._call()

    def is_int(self, *, idea: str = "A count is an int, not a float or an array.") -> "Claim":
        """Expect exactly an int; True is none."""
        return self._is(type(self.value) is int, "an int", idea)

    def is_float(self, *, idea: str = "A fraction is a float: an int is not.") -> "Claim":
        """Expect a float or a NumPy floating-point scalar."""
        good = _is_number(self.value) and type(self.value) is not int
        return self._is(good, "a float", idea)

    def is_tuple(self, length: int, *, idea: str) -> "Claim":
        """Expect a tuple of `length` elements."""
        good = type(self.value) is tuple and len(self.value) == length
        return self._is(good, f"a tuple of {length}", idea)

    def is_table(self, *shape: int, of: type, idea: str) -> "Claim":
        """Expect nested lists of this shape whose innermost elements are exactly `of`."""
        expected = " by ".join(str(side) for side in shape)
        lists = "a list" if len(shape) == 1 else "nested lists"
        good = _is_table(self.value, shape, of)
        return self._is(good, f"{lists} of {expected} {of.__name__}s", idea)

    def is_array(self, *shape: int, dtype: str, idea: str) -> "Claim":
        """Expect a NumPy array of exactly this shape and dtype."""
        expected = f"a {dtype} array of shape {shape}"
        self._is(is_array(self.value), expected, idea)
        if self.value.shape != shape or str(self.value.dtype) != dtype:
            got = f"{_typed(self.value)} of shape {self.value.shape}"
            self.holds(False, expected, idea, got=got)
        return self

    def is_model(self, *, idea: str = "Return the Keras model itself.") -> "Claim":
        """Expect the handle of a Keras model."""
        return self._is(type(self.value) is ModelHandle, "a Keras model", idea)

    def lies_in(self, low: float, high: float, *, idea: str) -> "Claim":
        """Expect that every number is finite and in [low, high]."""
        good = _size(self.value) <= MAX_NUMBERS and all(
            _is_number(number) and -math.inf < number < math.inf and low <= number <= high
            for number in _flat(self.value)
        )
        return self.holds(good, f"numbers from {low} to {high}", idea)

    def equals(self, expected: Any, *, idea: str) -> "Claim":
        """Expect the same value: type, structure and every element."""
        if not _same(self.value, expected):
            self.holds(False, describe(expected), idea, values=(self.value, expected))
        return self

    def is_close(self, expected: Any, *, tolerance: float, idea: str) -> "Claim":
        """Expect as many numbers, in the same shape, each at most `tolerance` from its own.

        Lists, tuples and arrays of one shape are not told apart here; other claims do that.
        """
        values = self.value, expected
        if _shape(self.value) != _shape(expected):
            got = _shaped(self.value)
            self.holds(False, _shaped(expected), idea, got=got, values=values)
        wanted = _flat(expected)
        good = all(
            _is_number(number) and _distance(number, other) <= tolerance
            for number, other in zip(_flat(self.value), wanted, strict=True)
        )
        if not good:
            got = _different(self.value, wanted)
            self.holds(False, describe(expected), idea, got=got, values=values)
        return self

    def holds(
        self,
        good: bool,
        expected: str,
        idea: str,
        *,
        got: str = "",
        values: tuple[object, object] | None = None,
    ) -> "Claim":
        """Expect a property that the check has worked out itself.

        Args:
            good: whether it holds.
            expected: the property in words.
            idea: what teaches.
            got: what came back, in words; by default the value itself.
            values: what came back and what was expected, for a picture.
        """
        __tracebackhide__ = True  # by plain pytest, which a student may type
        if not good:
            message = _message(self.call, got or describe(self.value), expected, idea)
            raise Wrong(message, idea=idea, values=values)
        return self

    def _is(self, good: bool, expected: str, idea: str) -> "Claim":
        """Expect a kind of value."""
        return self.holds(good, expected, idea, got="" if good else _typed(self.value))


def _message(call: str, got: str, expected: str, idea: str) -> str:
    return f"{call}\n  came back: {got}\n  expected:  {expected}\n  {idea}"


def is_array(value: Any) -> bool:
    """Return whether a value is a NumPy array; NumPy is not imported to find out."""
    numpy = sys.modules.get("numpy")
    return numpy is not None and type(value) is numpy.ndarray


def _typed(value: Any) -> str:
    if value is None:
        return "None (is a return missing?)"
    if type(value) is ModelHandle:
        return describe(value)
    name = type(value).__name__
    article = "an" if name[0] in "aeiou" else "a"
    return describe(value) if is_array(value) else f"{describe(value)}, {article} {name}"


def _shaped(value: Any) -> str:
    """Return a value with its shape in words; of what is neither number nor sequence its type."""
    shape, shown = _shape(value), describe(value)
    if shape == ():
        return f"{shown}, a single number" if _is_number(value) else _typed(value)
    if "shape" in shown:
        return shown
    return f"{shown}, {RAGGED}" if RAGGED in shape else f"{shown}, of shape {shape}"


def _shape(value: Any) -> tuple[Any, ...]:
    """Return the shape of an array or of nested lists and tuples; () for anything else.

    Where rows differ, `RAGGED` stands in the shape, and then the shape of each row.
    """
    if is_array(value):
        return value.shape
    if not isinstance(value, list | tuple):
        return ()
    rows = [_shape(row) for row in value]  # each once, or the time doubled with every level
    if not any(rows):
        return (len(value),)
    if () not in rows and rows.count(rows[0]) == len(rows):
        return (len(value), *rows[0])
    return (len(value), RAGGED, *rows)


def _is_table(value: Any, shape: tuple[int, ...], of: type) -> bool:
    if not shape:
        return type(value) is of
    return (
        type(value) is list
        and len(value) == shape[0]
        and all(_is_table(row, shape[1:], of) for row in value)
    )


def _same(one: Any, other: Any) -> bool:
    if type(one) is not type(other):
        return False
    if isinstance(one, list | tuple):
        return len(one) == len(other) and all(map(_same, one, other))
    if isinstance(one, dict):
        return one.keys() == other.keys() and all(_same(one[key], other[key]) for key in one)
    if is_array(one):
        alike = one.dtype == other.dtype and one.shape == other.shape
        return alike and one.tobytes() == other.tobytes()
    return one == other


def _size(value: Any) -> int:
    """Return how many elements `_flat` would give, without making them."""
    if is_array(value):
        return value.size
    if isinstance(value, list | tuple):
        return sum(_size(part) for part in value)
    return 1


def _flat(value: Any) -> list[Any]:
    """Return all elements of nested lists, tuples or an array, in order."""
    if is_array(value):
        return value.ravel().tolist()
    if isinstance(value, list | tuple):
        return [element for part in value for element in _flat(part)]
    return [value]


def _is_number(value: Any) -> bool:
    """Return whether a value counts as a number: a bool or a text does not."""
    numpy = sys.modules.get("numpy")
    scalars = (numpy.float32, numpy.float64) if numpy is not None else ()
    return type(value) in (int, float, *scalars)


def _distance(number: Any, other: float) -> float:
    """Return how far two numbers are apart; without end if one is an int that no float can hold."""
    try:
        return abs(number - other)
    except OverflowError:
        return math.inf


def _different(value: Any, wanted: list[float]) -> str:
    """Return `value` in words; of a large array the first element that is off."""
    shown = describe(value)
    if "shape" not in shown:
        return shown
    found = _flat(value)
    if not all(map(_is_number, found)):
        return shown
    index = max(range(len(found)), key=lambda i: _distance(found[i], wanted[i]))
    off = describe(found[index]) if type(found[index]) is int else f"{found[index]:.6g}"
    return f"{shown}, whose element {index} is {off} and not {wanted[index]:.6g}"
