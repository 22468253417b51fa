"""Public checks of softmax."""

import math

import numpy as np
import pytest

from fmnist.exercises.expect import Claim, expect

ARRAY = "One row for each image and one column for each class, in float32 as the logits are."
PROBABILITY = "A probability lies between 0 and 1, and it is a number."
RATIO = (
    "A logit that is larger by ln 3 stands for a class that is three times as likely: exp makes "
    "ratios of differences. Numbers that are merely divided by their sum do not."
)
ONE_IMAGE = (
    "The classes of one image compete with each other, so each row adds up to 1. The other images "
    "of the batch have no say in it."
)
OVERFLOW = (
    "exp of 89 is more than a float32 can hold. On paper it cancels out; here it becomes infinite, "
    "and infinity divided by infinity is no number. Only differences matter, so make the logits "
    "small before exp sees them."
)
OWN_ROW = (
    "What is taken off must belong to the row itself. Taken from another image, it may push all "
    "logits of this one so far down that every exp is 0, and 0 divided by 0 is no number."
)
# float32 keeps about seven digits, of which a sum may lose one. From 4,096 to 8,192 its neighbours
# stand 0.0005 apart, so an answer that adds such logits up may err by as much.
ROUNDING = 1e-6
COARSE = 1e-3


def float32(rows):
    """Return nested lists as a float32 array."""
    return np.array(rows, dtype=np.float32)


def one_by_one(logits):
    """Return the probabilities, each from differences: 1 / (sum of exp(other - own))."""
    return [
        [1 / sum(math.exp(other - own) for other in row) for own in row] for row in logits.tolist()
    ]


def test_each_image_for_itself(answer):
    """Each row adds up to 1, and is what it would be if the image were alone."""
    logits = np.random.default_rng(36).normal(0, 3, (6, 10)).astype(np.float32)
    claim = expect(answer, logits).is_array(6, 10, dtype="float32", idea=ARRAY)
    claim.lies_in(0, 1, idea=PROBABILITY)
    sums = Claim(claim.value.sum(axis=1), call=f"sums of the rows of {claim.call}")
    sums.is_close([1.0] * 6, tolerance=10 * ROUNDING, idea=ONE_IMAGE)
    alone = expect(answer, logits[:1]).is_array(1, 10, dtype="float32", idea=ARRAY)
    alone.is_close(claim.value[:1], tolerance=ROUNDING, idea=ONE_IMAGE)


@pytest.mark.parametrize(
    ("logits", "expected"),
    [
        pytest.param([[0, 0, 0, 0]], [[0.25] * 4], id="all alike"),
        pytest.param([[0, math.log(3)]], [[0.25, 0.75]], id="three times as likely"),
        pytest.param([[-2, -2 - math.log(4)]], [[0.8, 0.2]], id="negative logits"),
        pytest.param([[5]], [[1.0]], id="one class"),
    ],
)
def test_worked_by_hand(answer, logits, expected):
    """Differences of logits are ratios of probabilities."""
    claim = expect(answer, float32(logits))
    claim.is_array(1, len(expected[0]), dtype="float32", idea=ARRAY)
    claim.lies_in(0, 1, idea=PROBABILITY)
    claim.is_close(expected, tolerance=ROUNDING, idea=RATIO)


def test_random_logits(answer):
    """On random logits each probability is what its differences from the others say."""
    logits = np.random.default_rng(37).normal(0, 3, (20, 10)).astype(np.float32)
    claim = expect(answer, logits).is_array(20, 10, dtype="float32", idea=ARRAY)
    claim.lies_in(0, 1, idea=PROBABILITY)
    claim.is_close(one_by_one(logits), tolerance=ROUNDING, idea=RATIO)


@pytest.mark.parametrize("offset", [100, -200, 8000])
def test_large_logits(answer, offset):
    """The same number added to all logits of an image changes nothing, however large it is."""
    logits = float32([[offset, offset + 1, offset - 2]])
    claim = expect(answer, logits).is_array(1, 3, dtype="float32", idea=ARRAY)
    claim.lies_in(0, 1, idea=OVERFLOW)
    claim.is_close(one_by_one(logits), tolerance=COARSE, idea=OVERFLOW)


def test_small_beside_large(answer):
    """An image with small logits is not harmed by one with large logits in the same batch."""
    logits = float32([[3000, 3001], [0, 1], [-3000, -2999]])
    claim = expect(answer, logits).is_array(3, 2, dtype="float32", idea=ARRAY)
    claim.lies_in(0, 1, idea=OWN_ROW)
    claim.is_close(one_by_one(logits), tolerance=COARSE, idea=OWN_ROW)
