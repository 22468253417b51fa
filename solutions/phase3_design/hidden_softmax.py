"""Hidden checks of softmax."""

import numpy as np
import pytest

from fmnist.exercises.expect import expect

ARRAY = "One row for each image and one column for each class, in float32."
IDEA = "exp of the differences, divided by their sum over the classes of the same image."


@pytest.mark.parametrize(("seed", "spread"), [(361, 1), (362, 40), (363, 3000)])
def test_agrees_with_the_reference(answer, reference, seed, spread):
    """On other logits, near each other or far apart, the probabilities are the reference's."""
    draw = np.random.default_rng(seed)
    count, classes = int(draw.integers(1, 40)), int(draw.integers(2, 20))
    logits = draw.uniform(-spread, spread, (count, classes)).astype(np.float32)
    claim = expect(answer, logits).is_array(count, classes, dtype="float32", idea=ARRAY)
    claim.lies_in(0, 1, idea=IDEA)
    claim.is_close(reference(logits), tolerance=1e-3, idea=IDEA)
