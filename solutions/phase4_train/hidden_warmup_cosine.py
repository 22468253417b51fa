"""Hidden checks of warmup_cosine."""

import random

import pytest

from fmnist.exercises.expect import expect

FLOAT = "A rate is one number, a float."
RATE = "First a line from 0 to the peak, then half a cosine over the steps that are left."


@pytest.mark.parametrize("seed", [441, 442, 443])
def test_agrees_with_the_reference(answer, reference, seed):
    """In other trainings the rate is that of the reference, at every step."""
    draw = random.Random(seed)
    steps = draw.randrange(2, 120)
    warmup, peak = draw.randrange(steps), draw.uniform(1e-4, 1.0)
    for step in range(steps + 1):
        claim = expect(answer, step, steps, peak, warmup).is_float(idea=FLOAT)
        claim.is_close(reference(step, steps, peak, warmup), tolerance=1e-12, idea=RATE)


@pytest.mark.parametrize("seed", [444])
def test_the_shortest_training(answer, reference, seed):
    """A training of one step starts at the peak and ends at 0."""
    peak = random.Random(seed).uniform(1e-4, 1.0)
    for step in (0, 1):
        claim = expect(answer, step, 1, peak, 0).is_float(idea=FLOAT)
        claim.is_close(reference(step, 1, peak, 0), tolerance=1e-12, idea=RATE)
