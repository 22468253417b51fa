"""Hidden checks of accuracy_interval."""

import random

import pytest

from fmnist.exercises.expect import expect


@pytest.mark.parametrize("seed", [511, 512, 513])
def test_agrees_with_the_reference(answer, reference, seed):
    """On other images, in any order and number, all three numbers are those of the reference."""
    draw = random.Random(seed)
    share, z = draw.uniform(0.05, 0.99), draw.uniform(0.5, 3.5)
    for n in (1, 2, 17, 400):
        correct = [draw.random() < share for _ in range(n)]
        claim = expect(answer, correct, z=z)
        claim.is_tuple(3, idea="Return the accuracy and both ends of its interval, in this order.")
        claim.is_close(
            reference(correct, z=z),
            tolerance=1e-9,
            idea="The standard error belongs to the share in question, not to the accuracy.",
        )
