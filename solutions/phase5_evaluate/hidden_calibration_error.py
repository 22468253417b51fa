"""Hidden checks of calibration_error."""

import numpy as np
import pytest

from fmnist.exercises.expect import expect


@pytest.mark.parametrize("seed", [571, 572, 573])
def test_agrees_with_the_reference(answer, reference, seed):
    """On other networks, some of them very sure, the error is that of the reference."""
    draw = np.random.default_rng(seed)
    classes = int(draw.integers(2, 11))
    logits = draw.uniform(1, 60) * draw.normal(size=(150, classes))
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    probabilities = powers / powers.sum(axis=1, keepdims=True)  # many are exactly 1 when very sure
    labels = np.where(draw.random(150) < 0.7, logits.argmax(axis=1), draw.integers(0, classes, 150))
    for bins in (1, 4, 15, 100):
        claim = expect(answer, probabilities, labels, bins=bins).is_float()
        claim.lies_in(0, 1, idea="An empty bin has no mean, and adds nothing.")
        claim.is_close(
            reference(probabilities, labels, bins=bins),
            tolerance=1e-9,
            idea="Equal widths; distances within bins; every image weighs the same; 1 is in a bin.",
        )
