"""Hidden checks of exercise 2.1."""

import numpy as np
import pytest

from fmnist.exercises.expect import expect

TRAIN_ONLY = "Mean and deviation come from the training images alone, over all their pixels."


@pytest.mark.parametrize("seed", [21, 22])
def test_agrees_with_the_reference(answer, reference, seed):
    """On other images the numbers are those of the reference."""
    draw = np.random.default_rng(seed)
    train = draw.integers(0, 200, (30, 6, 7), dtype=np.uint8)
    images = draw.integers(40, 256, (8, 6, 7), dtype=np.uint8)
    claim = expect(answer, train, images)
    claim.is_array(8, 6, 7, dtype="float32", idea="The result is float32, one number a pixel.")
    claim.is_close(reference(train, images), tolerance=1e-4, idea=TRAIN_ONLY)


def test_statistics_are_single_numbers(answer, reference):
    """Columns of different brightness keep their difference: one mean for all pixels."""
    train = np.zeros((10, 2, 2), dtype=np.uint8)
    train[:, :, 1] = 200
    train[::2] //= 2
    claim = expect(answer, train, train)
    claim.is_array(10, 2, 2, dtype="float32", idea="The result is float32, one number a pixel.")
    claim.is_close(reference(train, train), tolerance=1e-4, idea=TRAIN_ONLY)
