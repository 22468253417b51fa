"""Public checks of max_pool."""

import random

import pytest

from fmnist.exercises.expect import expect

SHAPE = (
    "One float for each window that lies wholly within the map, in rows and columns. What is left "
    "over at the end is not looked at."
)
LARGEST = (
    "Max pooling keeps one value of each window as it is, the largest: the clearest answer counts, "
    "and weak ones beside it do not water it down."
)
NEGATIVE = (
    "The largest of several negative values is negative. Nothing that does not stand in the window "
    "may come out of it, and 0 does not stand there."
)
OVERLAP = (
    "Size and stride are two numbers: how much a window covers, and how far it moves on. Windows "
    "overlap if the step is the smaller one, and a large value may then win twice."
)


def painted(table, size, stride):
    """Return the pooled map: each value, from the smallest on, paints over the windows it is in."""
    rows = len(range(0, len(table) - size + 1, stride))
    columns = len(range(0, len(table[0]) - size + 1, stride))
    pooled = [[0.0] * columns for _ in range(rows)]
    values = sorted((value, y, x) for y, row in enumerate(table) for x, value in enumerate(row))
    for value, y, x in values:
        for r in range(rows):
            for c in range(columns):
                if 0 <= y - r * stride < size and 0 <= x - c * stride < size:
                    pooled[r][c] = value
    return pooled


@pytest.mark.parametrize(
    ("feature_map", "expected"),
    [
        pytest.param([[1, 5], [3, 4]], [[5.0]], id="one window"),
        pytest.param([[1, 5, 0, 2], [3, 4, 7, 6]], [[5.0, 7.0]], id="two windows"),
        pytest.param([[1, 2, 9], [3, 4, 9], [9, 9, 9]], [[4.0]], id="odd sides"),
    ],
)
def test_small_cases(answer, feature_map, expected):
    """Cases that can be worked on paper come out."""
    claim = expect(answer, feature_map)
    claim.is_table(len(expected), len(expected[0]), of=float, idea=SHAPE)
    claim.equals(expected, idea=LARGEST)


def test_negative_values(answer):
    """Before ReLU a map has negative values, and a window may have no others."""
    feature_map = [[-3.0, -1.5, 2.0, -4.0], [-2.0, -8.0, -1.0, -6.0]]
    claim = expect(answer, feature_map).is_table(1, 2, of=float, idea=SHAPE)
    claim.equals([[-1.5, 2.0]], idea=NEGATIVE)


@pytest.mark.parametrize(
    ("size", "stride", "expected"),
    [
        pytest.param(3, 2, [[5.0, 9.0]], id="windows overlap"),
        pytest.param(3, 1, [[5.0, 9.0, 9.0]], id="step by step"),
        pytest.param(2, 3, [[5.0, 9.0]], id="gaps between windows"),
        pytest.param(1, 2, [[5.0, 1.0, 0.0], [0.0, 2.0, 0.0]], id="windows of one value"),
    ],
)
def test_size_and_stride(answer, size, stride, expected):
    """Windows may overlap, or leave gaps: the stride need not be the size."""
    feature_map = [[5, 0, 1, 9, 0], [0, 0, 0, 1, 0], [0, 3, 2, 0, 0]]
    claim = expect(answer, feature_map, size=size, stride=stride)
    claim.is_table(len(expected), len(expected[0]), of=float, idea=OVERLAP)
    claim.equals(expected, idea=OVERLAP)


@pytest.mark.parametrize(("size", "stride"), [(2, 2), (3, 2), (4, 3)])
def test_random_maps(answer, size, stride):
    """On random maps each window is left with the last, and largest, value that stands in it."""
    draw = random.Random(350 + size)
    feature_map = [[draw.gauss(-1, 1) for _ in range(11)] for _ in range(9)]
    expected = painted(feature_map, size, stride)
    claim = expect(answer, feature_map, size=size, stride=stride)
    claim.is_table(len(expected), len(expected[0]), of=float, idea=SHAPE)
    claim.equals(expected, idea=f"{NEGATIVE} {OVERLAP}")


def test_a_map_of_one_row(answer):
    """Rows and columns are counted apart: a single row is pooled along itself."""
    claim = expect(answer, [[3, 1, 2]], size=1, stride=1).is_table(1, 3, of=float, idea=SHAPE)
    claim.equals([[3.0, 1.0, 2.0]], idea=SHAPE)
