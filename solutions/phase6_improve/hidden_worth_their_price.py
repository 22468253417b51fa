"""Hidden checks of worth_their_price."""

import random

import pytest

from fmnist.exercises.expect import expect

FRONT = (
    "What remains is what no other model beats: at least as fast and at least as accurate, and "
    "better in one of the two."
)


@pytest.mark.parametrize("seed", [641, 642, 643])
def test_agrees_with_the_reference(answer, reference, seed):
    """For 1 to 60 models, with few different prices, the names are those of the reference."""
    draw = random.Random(seed)
    for models in (1, 2, 5, 60):
        names = [f"candidate {number}" for number in draw.sample(range(1000), models)]
        seconds = [float(draw.randrange(1, 8)) for _ in names]
        accuracies = [0.7 + 0.03 * price + draw.randrange(4) / 50 for price in seconds]
        claim = expect(answer, names, seconds, accuracies)
        claim.equals(reference(names, seconds, accuracies), idea=FRONT)
