"""Hidden checks of ensemble_model."""

import numpy as np
import pytest

from fmnist.exercises.expect import Claim, expect

PROBABILITIES = "One row per image, one probability per class."
MEAN = "Each member has a softmax of its own; the output is the mean of their probabilities."


@pytest.mark.parametrize("seed", [671])
def test_agrees_with_the_reference(answer, reference, seed):
    """For five members of different sizes the probabilities are those of the reference."""
    draw = np.random.default_rng(seed)
    members = [
        tuple(
            draw.normal(0, 1, shape).astype(np.float32)
            for shape in ((49, units), (units,), (units, 10), (10,))
        )
        for units in (1, 3, 8, 3, 2)
    ]
    images = draw.random((12, 28, 28, 1), dtype=np.float32)
    model = expect(answer, members).is_model().value
    claim = Claim(model.predict(images), call="ensemble_model(members).predict(images)")
    claim.is_array(12, 10, dtype="float32", idea=PROBABILITIES)
    expected = reference(members).predict(images)
    claim.is_close(expected, tolerance=1e-4, idea=MEAN)
