"""Hidden checks of drop_interval."""

import numpy as np
import pytest

from fmnist.exercises.expect import Claim, expect

THREE = "Return the loss and both ends of its interval, in this order, as floats."
PAIRS = "Images drawn with both their answers, and the percentiles 2.5 and 97.5 of the losses."


@pytest.mark.parametrize("seed", [681, 682])
def test_agrees_with_the_reference(answer, reference, seed):
    """For 2 to 400 images, and gains as well as losses, the numbers are those of the reference."""
    draw = np.random.default_rng(seed)
    for images, draws in ((2, 100), (17, 150), (400, 500)):
        plain = draw.random(images) < draw.random()
        changed = np.where(draw.random(images) < 0.8, plain, ~plain)
        claim = expect(answer, plain, changed, draws=draws, seed=seed).is_tuple(3, idea=THREE)
        for number in claim.value:
            Claim(number, call=claim.call).is_float()
        expected = reference(plain, changed, draws=draws, seed=seed)
        claim.is_close(expected, tolerance=1e-9, idea=PAIRS)
