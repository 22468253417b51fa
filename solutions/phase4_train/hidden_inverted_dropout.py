"""Hidden checks of inverted_dropout."""

import numpy as np
import pytest

from fmnist.exercises.expect import expect

ARRAY = "Dropout changes numbers and keeps the shape and the type float32."
DROPOUT = (
    "In training, numbers below the rate drop their activation and the rest is divided by the "
    "share kept; in prediction nothing happens."
)


@pytest.mark.parametrize("seed", [471, 472, 473])
def test_agrees_with_the_reference(answer, reference, seed):
    """On other activations, of both signs, the result is that of the reference."""
    draw = np.random.default_rng(seed)
    given = draw.normal(0, 3, (int(draw.integers(1, 30)), 17)).astype(np.float32)
    rate = float(draw.uniform(0.05, 0.9))
    for training in (True, False):
        claim = expect(answer, given, rate, seed, training=training)
        claim.is_array(*given.shape, dtype="float32", idea=ARRAY)
        expected = reference(given, rate, seed, training=training)
        # Activations up to about 10, divided by 0.1 at least: seven digits of 100.
        claim.is_close(expected, tolerance=1e-4, idea=DROPOUT)


@pytest.mark.parametrize("seed", [474])
def test_agrees_at_the_edges(answer, reference, seed):
    """One activation, or a rate of 0 or nearly 1, is no exception."""
    draw = np.random.default_rng(seed)
    for shape, rate in (((1, 1), 0.5), ((4, 9), 0.0), ((30, 30), 0.99)):
        given = draw.random(shape, dtype=np.float32)
        claim = expect(answer, given, rate, seed, training=True)
        claim.is_array(*shape, dtype="float32", idea=ARRAY)
        claim.is_close(reference(given, rate, seed, training=True), tolerance=1e-4, idea=DROPOUT)
