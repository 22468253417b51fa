"""Hidden checks of gain_over_seeds."""

import random

import pytest

from fmnist.exercises.expect import Claim, expect

THREE = "Return the gain and both ends of its interval, in this order."
FORMULA = (
    "One gain per seed; the quantile for n - 1 degrees of freedom, times the deviation with n - 1, "
    "over the square root of n."
)


@pytest.mark.parametrize("seed", [621, 622, 623])
def test_agrees_with_the_reference(answer, reference, seed):
    """For every number of seeds, the numbers are those of the reference."""
    draw = random.Random(seed)
    for seeds in range(2, 11):
        accuracies_a = [draw.gauss(0.9, 0.003) for _ in range(seeds)]
        accuracies_b = [one + draw.gauss(0.002, 0.004) for one in accuracies_a]
        claim = expect(answer, accuracies_a, accuracies_b).is_tuple(3, idea=THREE)
        for number in claim.value:
            Claim(number, call=claim.call).is_float()
        expected = reference(accuracies_a, accuracies_b)
        claim.is_close(expected, tolerance=1e-9, idea=FORMULA)
