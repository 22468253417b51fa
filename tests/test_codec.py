"""What crosses the wall arrives as it was, and nothing else crosses."""

import contextlib
import functools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fmnist.inside import codec
from values import same, values


@given(values)
def test_what_is_written_is_read(value):
    """Every plain value comes back with the same type and content."""
    assert same(value, codec.loads(*codec.dumps(value)))


@pytest.mark.parametrize(
    "value",
    [
        pytest.param(dict.fromkeys(range(900_000), 0), id="many entries"),
        pytest.param(functools.reduce(lambda inner, _: {"rest": inner}, range(31), 0), id="deep"),
    ],
)
def test_what_may_be_written_may_be_read(value):
    """Writer and reader count alike: an honest large answer is no tampering."""
    assert codec.loads(*codec.dumps(value)) == value


@given(st.binary(max_size=200), st.binary(max_size=50))
def test_rubbish_is_refused(header, payload):
    """Whatever bytes arrive, reading them gives a value or says Malformed."""
    with contextlib.suppress(codec.Malformed):
        codec.loads(header, payload)


class AlwaysEqual:
    """What a cheat returns."""

    def __eq__(self, other):
        return True

    __hash__ = None


class Ints(list):
    """A list that is none."""


def cyclic() -> list:
    """Return a list that holds itself."""
    ring: list = []
    ring.append(ring)
    return ring


@pytest.mark.parametrize(
    ("value", "message"),
    [
        pytest.param(AlwaysEqual(), "object of type AlwaysEqual", id="object"),
        pytest.param(Ints([1]), "object of type Ints", id="subclass of list"),
        pytest.param(np.array([object()]), "dtype object", id="array of objects"),
        pytest.param(np.ma.array([1]), "object of type MaskedArray", id="subclass of array"),
        pytest.param({(1,): 2}, "key of type tuple", id="key"),
        pytest.param({2**61: 1}, "key beyond", id="long key"),
        pytest.param(["x" * 900_000] * 20, "16,777,216 bytes together", id="much text"),
        pytest.param(cyclic(), "nested more than 32 deep", id="cycle"),
        pytest.param(10**5000, "more than 1024 bits", id="long int"),
        pytest.param("\ud800", "not valid Unicode", id="surrogate"),
        pytest.param([None] * 1_000_001, "more than 1,000,000 elements", id="too many"),
        pytest.param("x" * 1_000_001, "more than 1,000,000 characters", id="too long"),
        pytest.param(np.zeros(2**26 + 1, np.uint8), "more than 67,108,864 bytes", id="too large"),
        pytest.param(np.zeros((1,) * 9), "9 dimensions", id="dimensions"),
        pytest.param((number for number in [1]), "object of type generator", id="generator"),
    ],
)
def test_what_is_not_plain_does_not_cross(value, message):
    """Objects, subclasses and monsters are refused with their name."""
    with pytest.raises(codec.NotPlain, match=message):
        codec.dumps(value)


@pytest.mark.parametrize(
    ("header", "payload", "message"),
    [
        pytest.param(b"[1", b"", "not JSON", id="broken"),
        pytest.param(b"[" * 100_000, b"", "not JSON", id="bottomless"),
        pytest.param(b"[" * 40 + b"]" * 40, b"", "too deep", id="deep"),
        pytest.param(b"1" + b"0" * 400, b"", "int that is too long", id="long int"),
        pytest.param(b'"\\ud800"', b"", "not valid Unicode", id="surrogate"),
        pytest.param(b'{"a":[],"b":[]}', b"", "other than one key", id="two tags"),
        pytest.param(b'{"tuple":3}', b"", "without its list", id="tag without list"),
        pytest.param(b'{"import":["os"]}', b"", "unknown tag", id="unknown tag"),
        pytest.param(b'{"dict":[[1]]}', b"", "not pairs", id="dict"),
        pytest.param(b'{"dict":[[null,1]]}', b"", "neither str nor a small int", id="key"),
        pytest.param(b'{"dict":[[9007199254740993,1]]}', b"", "small int", id="colliding key"),
        pytest.param(
            b'{"array":["uint8",[2147483647,2147483647,2147483647,0]]}',
            b"",
            "too many",
            id="empty array of impossible sides",
        ),
        pytest.param(b'{"array":["object",[1]]}', b"x" * 8, "not allowed", id="dtype"),
        pytest.param(b'{"array":["uint8",[9]]}', b"x" * 8, "longer than", id="one byte short"),
        pytest.param(b'{"array":["uint8",[7]]}', b"x" * 8, "to no array", id="one byte more"),
        pytest.param(b'{"array":["uint8",[-1]]}', b"x" * 8, "impossible", id="negative"),
        pytest.param(b'{"array":["float64",[2]]}', b"x", "longer than", id="short payload"),
        pytest.param(b'{"array":["uint8"]}', b"x", "without dtype", id="no shape"),
        pytest.param(b'{"scalar":["uint8",[]]}', b"x", "without dtype", id="scalar"),
        pytest.param(b'{"handle":[1,2]}', b"", "without kind", id="handle"),
        pytest.param(b"1", b"x", "belong to no array", id="left over"),
    ],
)
def test_malformed_bytes_are_named(header, payload, message):
    """Bytes that no honest worker sends are refused with the reason."""
    with pytest.raises(codec.Malformed, match=message):
        codec.loads(header, payload)
