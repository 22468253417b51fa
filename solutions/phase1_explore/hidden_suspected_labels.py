"""Hidden checks of suspected_labels."""

import numpy as np
import pytest

from fmnist.exercises.expect import Claim, expect

PAIR = "Return two int64 arrays, equally long: positions, and suggested labels."
VOTE = "More than half of the k nearest other images agree on one label that is not the own one."


@pytest.mark.parametrize("seed", [11, 12, 13, 14])
def test_agrees_with_the_reference(answer, reference, seed):
    """On other images, with twins, dark and pale ones, the suspects are the reference's."""
    draw = np.random.default_rng(seed)
    truth = draw.integers(0, 4, 50)
    centres = draw.choice([10, 90, 160, 245], (4, 5, 3))
    spread = draw.integers(-10, 11, (50, 5, 3))
    images = np.clip(centres[truth] + spread, 0, 255).astype(np.uint8)
    images[40:45] = images[5:10]
    labels = np.where(draw.random(50) < 0.3, draw.integers(0, 10, 50), truth).astype(np.uint8)
    for k in (int(draw.choice([1, 2, 4, 7])), 49):  # of 49 others hardly a label has half
        claim = expect(answer, images, labels, k=k).is_tuple(2, idea=PAIR)
        for value, expected in zip(claim.value, reference(images, labels, k=k), strict=True):
            part = Claim(value, call=claim.call)
            part.holds(getattr(value, "dtype", None) == np.int64, "int64 arrays", PAIR)
            part.equals(expected, idea=VOTE)
