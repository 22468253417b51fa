"""Plain data, and its bytes: the only values that cross between a check and an answer.

Plain data is None, bool, int, float, str, list, tuple, dict (with str or int keys), NumPy
arrays and NumPy scalars of the types in `DTYPES`, nested at most `MAX_DEPTH` deep, each of
exactly that type: a subclass is an object, and objects do not cross.

A value becomes a JSON header and a payload. In the header a JSON array is a list, and a JSON
object is always a tag with one key: tuple, dict, array, scalar or handle. The bytes of arrays
stand one after another in the payload, little-endian, in the order of their tags.

NumPy is looked up, not imported: exercises in plain Python run without it.
"""

import functools
import json
import math
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

DTYPES = tuple(
    "bool int8 uint8 int16 uint16 float16 int32 uint32 float32 int64 uint64 float64".split()
)
MAX_DEPTH = 32
MAX_HEADER = 16 * 2**20  # bytes of JSON
# Elements of lists, tuples and dicts together; arrays count once, and those without elements with
# all their empty rows.
MAX_ITEMS = 1_000_000
MAX_INT_BITS = 1024
MAX_KEY = 2**53  # an int key beyond it is refused: chosen keys could share one hash
MAX_TEXT = 1_000_000  # characters of one str
MAX_PAYLOAD = 64 * 2**20  # bytes of all arrays together
MAX_DIMENSIONS = 8
_to_json = json.JSONEncoder(separators=(",", ":")).encode  # `json.dumps` makes one for each call


class NotPlain(Exception):
    """A value that cannot cross; the message says which part and why."""


class Malformed(Exception):
    """Bytes that `dumps` would never write."""


@dataclass(frozen=True)
class Handle:
    """Stands for an object that stays with the host."""

    kind: str
    number: int


def dumps(
    value: object, *, handle_for: Callable[[object], Handle | None] = lambda _: None
) -> tuple[bytes, bytes]:
    """Return the header and the payload of `value`.

    Args:
        value: plain data, possibly with objects that `handle_for` knows.
        handle_for: gives the handle of an object that is not plain, or None.

    Raises:
        NotPlain: a part of `value` is neither plain nor known to `handle_for`.
    """
    writer = _Writer(handle_for)
    tree = writer.tree(value, depth=0)
    header = _to_json(tree).encode("ascii")
    if len(header) > MAX_HEADER:
        raise NotPlain(f"numbers and text of more than {MAX_HEADER:,} bytes together")
    return header, b"".join(writer.buffers)


def loads(header: bytes, payload: bytes, *, resolve: Callable[[Handle], object] = lambda h: h):
    """Return the value that `dumps` wrote.

    Args:
        header: JSON in ASCII.
        payload: the bytes of all arrays.
        resolve: gives the object for a handle; without it the `Handle` itself is returned.

    Raises:
        Malformed: the bytes are not what `dumps` writes, or exceed its limits.
    """
    try:
        tree = json.loads(header.decode("ascii"))
    except (ValueError, RecursionError) as error:
        raise Malformed(f"the header is not JSON: {type(error).__name__}") from None
    reader = _Reader(payload, resolve)
    value = reader.value(tree, depth=0)
    if reader.offset != len(payload):
        raise Malformed(f"{len(payload) - reader.offset} bytes of the payload belong to no array")
    return value


class _Writer:
    def __init__(self, handle_for: Callable[[object], Handle | None]):
        self.handle_for = handle_for
        self.buffers: list[bytes] = []
        self.items = 0
        self.bytes = 0

    def tree(self, value: Any, *, depth: int) -> Any:
        kind = type(value)
        if value is None or kind is bool or kind is float:
            return value
        if kind is int:
            if value.bit_length() > MAX_INT_BITS:
                raise NotPlain(f"an int of more than {MAX_INT_BITS} bits")
            return value
        if kind is str:
            if len(value) > MAX_TEXT:
                raise NotPlain(f"a str of more than {MAX_TEXT:,} characters")
            if not _is_unicode(value):
                raise NotPlain("a str that is not valid Unicode")
            return value
        if depth >= MAX_DEPTH:
            raise NotPlain(f"a value nested more than {MAX_DEPTH} deep")
        if kind is list:
            return self.sequence(value, depth)
        if kind is tuple:
            return {"tuple": self.sequence(value, depth)}
        if kind is dict:
            return {"dict": self.pairs(value, depth)}
        numpy = sys.modules.get("numpy")
        if numpy is not None and kind is numpy.ndarray:
            return {"array": self.array(value)}
        if numpy is not None and issubclass(kind, numpy.generic):
            return {"scalar": self.array(numpy.asarray(value))[:1]}
        handle = value if kind is Handle else self.handle_for(value)
        if handle is None:
            raise NotPlain(f"an object of type {kind.__name__}")
        return {"handle": [handle.kind, handle.number]}

    def sequence(self, values: Any, depth: int) -> list:
        self.count(len(values))
        return [self.tree(value, depth=depth + 1) for value in values]

    def pairs(self, mapping: dict, depth: int) -> list:
        self.count(len(mapping))
        for key in mapping:
            if type(key) not in (str, int):
                raise NotPlain(f"a dict with a key of type {type(key).__name__}")
            if type(key) is int and abs(key) > MAX_KEY:
                raise NotPlain("a dict with a key beyond 2**53")
        return [
            [self.tree(key, depth=depth + 1), self.tree(value, depth=depth + 1)]
            for key, value in mapping.items()
        ]

    def count(self, items: int) -> None:
        self.items += items
        if self.items > MAX_ITEMS:
            raise NotPlain(f"more than {MAX_ITEMS:,} elements")

    def array(self, array: Any) -> list:
        """Return dtype and shape of an array whose bytes are appended."""
        name = _name(array.dtype)
        if name not in DTYPES:
            raise NotPlain(f"an array of dtype {name}")
        if array.ndim > MAX_DIMENSIONS:
            raise NotPlain(f"an array of {array.ndim} dimensions")
        self.count(_rows(array.shape))
        self.bytes += array.nbytes
        if self.bytes > MAX_PAYLOAD:
            raise NotPlain(f"arrays of more than {MAX_PAYLOAD:,} bytes")
        self.buffers.append(array.astype(array.dtype.newbyteorder("<"), copy=False).tobytes())
        return [name, list(array.shape)]


class _Reader:
    def __init__(self, payload: bytes, resolve: Callable[[Handle], object]):
        self.payload = payload
        self.resolve = resolve
        self.offset = 0
        self.items = 0

    def value(self, tree: Any, *, depth: int) -> Any:
        kind = type(tree)
        if tree is None or kind is bool or kind is float:
            return tree
        if kind is int:
            if tree.bit_length() > MAX_INT_BITS:
                raise Malformed("an int that is too long")
            return tree
        if kind is str:
            if len(tree) > MAX_TEXT:
                raise Malformed("a str that is too long")
            if not _is_unicode(tree):
                raise Malformed("a str that is not valid Unicode")
            return tree
        if depth >= MAX_DEPTH:
            raise Malformed("a value that is nested too deep")
        if kind is list:
            return self.sequence(tree, depth)
        if len(tree) != 1:
            raise Malformed("a tag with other than one key")
        ((tag, content),) = tree.items()
        if type(content) is not list:
            raise Malformed(f"a tag {tag[:20]!r} without its list")
        if tag == "tuple":
            return tuple(self.sequence(content, depth))
        if tag == "dict":
            return self.mapping(content, depth)
        if tag == "array":
            return self.array(content)
        if tag == "scalar":
            return self.array([*content, []])[()]
        if tag == "handle":
            return self.handle(content)
        raise Malformed(f"an unknown tag {tag[:20]!r}")

    def count(self, items: int) -> None:
        self.items += items
        if self.items > MAX_ITEMS:
            raise Malformed("too many elements")

    def sequence(self, trees: list, depth: int) -> list:
        self.count(len(trees))
        return [self.value(tree, depth=depth + 1) for tree in trees]

    def mapping(self, trees: list, depth: int) -> dict:
        self.count(len(trees))
        if not all(type(pair) is list and len(pair) == 2 for pair in trees):
            raise Malformed("a dict whose entries are not pairs")
        mapping = {}
        for key_tree, value_tree in trees:
            key = self.value(key_tree, depth=depth + 1)
            if type(key) not in (str, int) or (type(key) is int and abs(key) > MAX_KEY):
                raise Malformed("a dict with a key that is neither str nor a small int")
            mapping[key] = self.value(value_tree, depth=depth + 1)
        return mapping

    def array(self, content: list) -> Any:
        import numpy  # whoever reads an array needs NumPy

        if len(content) != 2:
            raise Malformed("an array without dtype and shape")
        dtype, shape = content
        if type(dtype) is not str or dtype not in DTYPES:
            raise Malformed("an array of a dtype that is not allowed")
        if (
            type(shape) is not list
            or len(shape) > MAX_DIMENSIONS
            or not all(type(side) is int and 0 <= side < 2**31 for side in shape)
        ):
            raise Malformed("an array with an impossible shape")
        self.count(_rows(shape))
        kind = numpy.dtype(dtype).newbyteorder("<")
        end = self.offset + math.prod(shape) * kind.itemsize
        if end > len(self.payload):
            raise Malformed("an array that is longer than the payload")
        raw = self.payload[self.offset : end]
        self.offset = end
        if dtype == "bool":  # any other byte than 0 or 1 is not a bool to NumPy
            elements = numpy.frombuffer(raw, numpy.uint8) != 0
        else:
            elements = numpy.frombuffer(raw, kind).astype(dtype)
        return elements.reshape(shape)

    def handle(self, content: list) -> object:
        if len(content) != 2 or type(content[0]) is not str or type(content[1]) is not int:
            raise Malformed("a handle without kind and number")
        return self.resolve(Handle(content[0][:20], content[1]))


def _rows(shape: Iterable[int]) -> int:
    """Return how many empty rows an array without elements has; 0 for any other.

    They take no byte, and whoever looks at each of them all the same needs time and memory.
    """
    sides = list(shape)
    return math.prod(side for side in sides if side) if 0 in sides else 0


@functools.lru_cache(maxsize=64)
def _name(dtype: Any) -> str:
    """Return a dtype's name, which NumPy makes up anew each time."""
    return dtype.name


def _is_unicode(text: str) -> bool:
    """Return whether text can be written as UTF-8, which half a surrogate pair cannot."""
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True
