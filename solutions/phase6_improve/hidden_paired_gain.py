"""Hidden checks of paired_gain."""

import random

import pytest

from fmnist.exercises.expect import expect


@pytest.mark.parametrize("seed", [61, 62])
def test_agrees_with_the_reference(answer, reference, seed):
    """On other models both numbers are those of the reference."""
    draw = random.Random(seed)
    correct_a = [draw.random() < 0.85 for _ in range(250)]
    correct_b = [a if draw.random() < 0.9 else not a for a in correct_a]
    claim = expect(answer, correct_a, correct_b)
    claim.is_tuple(2, idea="Return the gain and its standard error, in this order.")
    claim.is_close(
        reference(correct_a, correct_b),
        tolerance=1e-9,
        idea="One difference per image; the deviation with n - 1, over the square root of n.",
    )
