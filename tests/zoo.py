"""Constants of every kind that an answer may return: what students send by mistake, and worse.

Each crosses the wall as it is, or is refused there with a sentence. None is what an exercise asks
for, but for accidents.
"""

import datetime
import decimal
import fractions
import math
import sys
from typing import Any

import numpy as np

from fmnist.inside import codec

MOST = 2**codec.MAX_INT_BITS - 1  # no float holds it
INTS = (0, 1, -1, 3, 10, 255, 2**31, 2**53 + 1, 2**63, MOST, -MOST, MOST + 1, 10**5000)
FLOATS = (0.0, -0.0, 0.1, 0.5, 1.0, -1.0, 1e-320, 1e308, math.nan, math.inf, -math.inf)
TEXTS = ("", "fine", "0", "shape", "\x1b[31m", "\ud800", "::error::x", "x" * 1000)
SCALARS = (
    *(np.float16(0.5), np.float32(1), np.float64(math.nan), np.float64(math.inf)),
    *(np.int64(-3), np.uint8(255), np.uint64(2**64 - 1), np.bool_(True)),
    *(np.complex128(1j), np.datetime64("2026-11-30"), np.longdouble(1), np.str_("x")),
)
RECORD = np.zeros(3, dtype=[("a" * 50, "f8"), ("b", "O")])
ARRAYS = (
    *(np.zeros(shape) for shape in ((), (0,), (1,), (3,), (3, 3), (2, 2, 2), (28, 28), (1,) * 8)),
    *(np.zeros(shape) for shape in ((0, 3), (3, 0), (0, 28, 28, 1), (999, 0, 999))),
    *(np.zeros(shape) for shape in ((2**31 - 1, 0), (0, 2**31 - 1), (2**20, 2**20, 0), (9,) * 9)),
    *(np.ones(4, dtype) for dtype in codec.DTYPES),
    *(np.full((3, 3), number) for number in (math.nan, math.inf, 1e308)),
    *(
        np.array([{}, None], object),
        RECORD,
        RECORD[0],
        np.array(["a"]),
        np.array(["2026"], "M8[Y]"),
    ),
    np.ma.array([1.0]),
)
KEYS: tuple[dict, ...] = ({}, {"a": 1}, {0: [None]}, {"x" * 1000: np.zeros((3, 0))}, {(1,): 1})
OTHERS = (
    *(None, True, False, ..., print, int, object(), b"bytes", 1j, range(3), {1}, slice(2)),
    *(datetime.date(2026, 11, 30), decimal.Decimal(1), fractions.Fraction(1, 3), sys.float_info),
    *(codec.Handle("model", 0), codec.Handle("model", 10**9), codec.Handle("model", -1)),
)


def cycle() -> list:
    """Return a list that holds itself, beside numbers."""
    ring: list[Any] = [1, 2]
    ring.append(ring)
    return ring


def ragged(depth: int) -> Any:
    """Return lists that are no table at any level."""
    value: Any = 1.0
    for _ in range(depth):
        value = [value, [1.0, 2.0, 3.0]]
    return value


LEAVES = (*INTS, *FLOATS, *TEXTS, *SCALARS, *ARRAYS, *KEYS, *OTHERS)
# Of what can stand inside something else.
PARTS = (0, 1.0, MOST, -MOST, None, "x", math.nan, np.zeros(3), np.zeros((3, 0)), [], (0, 0), {})
NESTED = (
    *([part] for part in PARTS),
    *((part, part) for part in PARTS),
    *((part, part, part) for part in PARTS),
    *([part, part] for part in PARTS),
    *([[part] * 10] * 10 for part in PARTS),
    *([(part, part)] for part in PARTS),
    *([[(part, part)]] for part in PARTS),
    *((0, part) for part in PARTS),
    *((0.5, part, part) for part in PARTS),
    *((part, np.zeros(2, np.int64), np.zeros(2)) for part in PARTS),
    *({"a": part} for part in PARTS),
    *([0.0] * 9 + [part] for part in PARTS),
    *(([0, 1], [part], [2]) for part in PARTS),
    *(([], [0], []), [[]], [[[]]], ((),), [[0, 1], [2]], ["a", "b", "c"]),
    *([], (), (0, 0, 0), [0] * 10, [0.1] * 10, [[0.0] * 28] * 28, list(range(1000))),
    *([np.zeros((2**20, 0))] * 3, (np.zeros((2**20, 0)), 0), cycle(), ragged(3), ragged(31)),
)
ZOO: tuple[Any, ...] = (*LEAVES, *NESTED)
