"""Hidden checks of training_step."""

import numpy as np
import pytest

from fmnist.exercises.expect import Claim, expect

PAIR = "Return the list of new weights and the loss, in this order."
SHAPE = "A step changes numbers and keeps shapes: float32 arrays."
STEP = (
    "One step of plain gradient descent down the mean cross-entropy of the logits, with a network "
    "that is in training."
)


@pytest.mark.parametrize("seed", [481, 482])
def test_agrees_with_the_reference(answer, reference, seed):
    """On a larger network and a batch without some classes the step is that of the reference."""
    draw = np.random.default_rng(seed)
    shapes = (30, 12), (12,), (12,), (12,), (12,), (12, 10), (10,)
    weights = [draw.normal(0, 0.5, shape).astype(np.float32) for shape in shapes]
    weights[4] = np.abs(weights[4])  # a variance
    images = draw.random((24, 30), dtype=np.float32)
    labels, rate = draw.integers(0, 7, 24), float(draw.uniform(0.05, 1))
    wanted, loss = reference(weights, images, labels, rate)
    claim = expect(answer, weights, images, labels, rate).is_tuple(2, idea=PAIR)
    claim.holds(
        type(claim.value[0]) is list and len(claim.value[0]) == 7, "a list of 7 arrays", PAIR
    )
    found = Claim(claim.value[1], call=claim.call).is_float(idea=PAIR)
    found.is_close(loss, tolerance=1e-4, idea=STEP)
    for new, expected in zip(claim.value[0], wanted, strict=True):
        one = Claim(new, call=claim.call)
        one.is_array(*expected.shape, dtype="float32", idea=SHAPE)
        one.is_close(expected, tolerance=1e-4, idea=STEP)
