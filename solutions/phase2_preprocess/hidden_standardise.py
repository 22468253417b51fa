"""Hidden checks of standardise."""

import numpy as np
import pytest

from fmnist.exercises.expect import expect

TRAIN_ONLY = (
    "Mean and standard deviation come from the training images alone, over all their pixels."
)


@pytest.mark.parametrize("seed", [221, 222])
def test_agrees_with_the_reference(answer, reference, seed):
    """On other images the numbers are those of the reference."""
    draw = np.random.default_rng(seed)
    train = draw.integers(0, 200, (30, 6, 7), dtype=np.uint8)
    images = draw.integers(40, 256, (8, 6, 7), dtype=np.uint8)
    claim = expect(answer, train, images)
    claim.is_array(8, 6, 7, dtype="float32", idea="The result is float32, one number per pixel.")
    claim.is_close(reference(train, images), tolerance=1e-4, idea=TRAIN_ONLY)


@pytest.mark.parametrize("seed", [223, 224])
def test_nothing_overflows(answer, reference, seed):
    """Bright training images and dark others: no difference wraps round below zero."""
    draw = np.random.default_rng(seed)
    train = draw.integers(150, 256, (30, 6, 7), dtype=np.uint8)
    images = draw.integers(0, 100, (8, 6, 7), dtype=np.uint8)
    claim = expect(answer, train, images)
    claim.is_array(8, 6, 7, dtype="float32", idea="The result is float32, one number per pixel.")
    claim.is_close(
        reference(train, images),
        tolerance=1e-4,
        idea="uint8 cannot go below zero: convert before you subtract.",
    )
