"""Hidden checks of softmax_step."""

import numpy as np
import pytest

from fmnist.exercises.expect import Claim, expect

TUPLE = "Return the new weights, the new bias and the loss, in this order."
SHAPE = "A step changes numbers and keeps shapes: float64, one number for each parameter."
STEP = "The step is minus the rate, times the mean over the images of error times input."
LOSS = "The loss is the mean cross-entropy of the batch, before the step."


def compare(answer, reference, given, rate):
    """Expect what the reference returns."""
    weights, bias, loss = reference(*given, rate)
    claim = expect(answer, *given, rate).is_tuple(3, idea=TUPLE)
    found = [Claim(part, call=claim.call) for part in claim.value]
    found[0].is_array(*weights.shape, dtype="float64", idea=SHAPE)
    found[1].is_array(*bias.shape, dtype="float64", idea=SHAPE)
    found[2].is_float(idea=LOSS)
    found[2].is_close(loss, tolerance=1e-8, idea=LOSS)
    found[0].is_close(weights, tolerance=1e-8, idea=STEP)
    found[1].is_close(bias, tolerance=1e-8, idea=STEP)


@pytest.mark.parametrize("seed", [431, 432])
def test_agrees_with_the_reference(answer, reference, seed):
    """On other batches, in which classes are missing, the step is that of the reference."""
    draw = np.random.default_rng(seed)
    labels = draw.integers(0, 7, 32)  # classes 7, 8 and 9 never occur
    given = draw.normal(size=(49, 10)), draw.normal(size=10), draw.random((32, 49)), labels
    compare(answer, reference, given, 0.1)


@pytest.mark.parametrize("seed", [433])
def test_agrees_far_from_zero(answer, reference, seed):
    """With large weights, and for one image alone, it still is."""
    draw = np.random.default_rng(seed)
    given = 1e4 * draw.normal(size=(9, 3)), np.zeros(3), draw.random((1, 9)), np.array([2])
    compare(answer, reference, given, 2.0)
