"""Public checks of grey_histogram."""

import random

import pytest

from fmnist.exercises.expect import expect

SHARES = "One float for each range: a share of the garment's pixels, from 0 to 1."
GARMENT = (
    "Pixels with value 0 are background and no part of the garment: they are neither in a range "
    "nor among the pixels that the shares refer to. Otherwise a small garment looks pale."
)
WIDTH = (
    "There are 256 grey values, since 0 is one of them, and the width of a range is 256 / bins, "
    "also where this is not a whole number."
)
NOTHING = "Where there is no garment, no range has a share of it: all are 0.0."


@pytest.mark.parametrize(
    ("image", "bins", "expected"),
    [
        pytest.param([[90, 70, 255], [128, 200, 70]], 2, [0.5, 0.5], id="worked by hand"),
        pytest.param([[64, 63], [127, 128]], 4, [0.25, 0.5, 0.25, 0.0], id="borders of ranges"),
        pytest.param([[7, 255, 31]], 1, [1.0], id="one range"),
    ],
)
def test_small_cases(answer, image, bins, expected):
    """Garments that fill the image come out as counted on one hand."""
    claim = expect(answer, image, bins=bins).is_table(bins, of=float, idea=SHARES)
    claim.lies_in(0, 1, idea=SHARES).is_close(expected, tolerance=1e-12, idea=WIDTH)


def test_only_background(answer):
    """An image without a garment has a share of 0 in every range."""
    claim = expect(answer, [[0, 0, 0], [0, 0, 0]], bins=3).is_table(3, of=float, idea=SHARES)
    claim.lies_in(0, 1, idea=NOTHING).equals([0.0, 0.0, 0.0], idea=NOTHING)


def test_background_changes_nothing(answer):
    """A frame of background around a garment leaves its shares as they are."""
    draw = random.Random(3)
    garment = [[draw.randrange(1, 256) for _ in range(6)] for _ in range(8)]
    frame = [[0] * 10, *([0, 0, *row, 0, 0] for row in garment), [0] * 10]
    bare = expect(answer, garment).is_table(8, of=float, idea=SHARES)
    framed = expect(answer, frame).is_table(8, of=float, idea=SHARES)
    framed.lies_in(0, 1, idea=SHARES).is_close(bare.value, tolerance=1e-12, idea=GARMENT)
    total = sum(framed.value)
    framed.holds(
        abs(total - 1) < 1e-9, "shares that add up to 1", GARMENT, got=f"shares with sum {total:g}"
    )


@pytest.mark.parametrize("bins", [3, 10, 51, 256])
def test_ranges_of_equal_width(answer, bins):
    """Each grey value from 1 to 255 falls into its range, however many ranges there are."""
    counts = [0] * bins
    for b in range(bins):
        # From b to b + 1 widths of 256 / bins, both sides times bins.
        counts[b] = sum(1 for grey in range(1, 256) if b * 256 <= grey * bins < (b + 1) * 256)
    image = [list(range(start, start + 51)) for start in range(1, 256, 51)]
    claim = expect(answer, image, bins=bins).is_table(bins, of=float, idea=SHARES)
    expected = [count / 255 for count in counts]
    claim.lies_in(0, 1, idea=SHARES).is_close(expected, tolerance=1e-12, idea=WIDTH)
