"""Hidden checks of cross_entropy."""

import random

import pytest

from fmnist.exercises.expect import expect

FLOAT = "A loss is one number, a float."
NATS = "The loss is minus the natural logarithm of the softmax probability of the true class."
EXACT = (
    "Logits of any size are allowed: take the largest out of all exponents, and add it again after "
    "the logarithm."
)


@pytest.mark.parametrize("seed", [411, 412, 413])
def test_agrees_with_the_reference(answer, reference, seed):
    """On other logits the loss is that of the reference, for every label."""
    draw = random.Random(seed)
    logits = [draw.gauss(0, 5) for _ in range(draw.randrange(2, 40))]
    for label in range(len(logits)):
        claim = expect(answer, logits, label).is_float(idea=FLOAT)
        claim.is_close(reference(logits, label), tolerance=1e-9, idea=NATS)


@pytest.mark.parametrize("seed", [414, 415])
def test_agrees_far_from_zero(answer, reference, seed):
    """Logits of many sizes and both signs change nothing in that."""
    draw = random.Random(seed)
    logits = [draw.choice([-1, 1]) * 10 ** draw.uniform(0, 6) for _ in range(10)]
    for label in range(10):
        claim = expect(answer, logits, label).is_float(idea=FLOAT)
        # The loss is up to 2e6, of which a float keeps about sixteen digits.
        claim.is_close(reference(logits, label), tolerance=1e-8, idea=EXACT)
