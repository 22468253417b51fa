"""Hidden checks of epoch_batches."""

import numpy as np
import pytest

from fmnist.exercises.expect import expect, is_array

PAIRS = "An epoch is a list of tuples, each of two arrays: images and their labels."
SHAPES = "All batches are full, but for the last, which has what is left."
SAMPLES = "Together the batches hold each image once, with its own label."


def are_pairs(value):
    """Return whether a value is a list of tuples of two arrays."""
    return type(value) is list and all(
        type(pair) is tuple and len(pair) == 2 and all(map(is_array, pair)) for pair in value
    )


def samples(pairs):
    """Return all images with their labels, in one order."""
    return sorted(
        (image.tolist(), int(label))
        for batch, given in pairs
        for image, label in zip(batch, given, strict=True)
    )


@pytest.mark.parametrize(("seed", "count"), [(0, 1), (251, 257), (252, 130)])
def test_agrees_with_the_reference(answer, reference, seed, count):
    """Random images, perhaps equal ones, keep their labels, and batches have the right sizes."""
    draw = np.random.default_rng(seed)
    images = draw.integers(0, 256, (count, 3, 2), dtype=np.uint8)
    labels = draw.integers(0, 10, count, dtype=np.uint8)
    claim = expect(answer, images, labels, 64, seed=seed, epoch=3)
    expected = reference(images, labels, 64, seed=seed, epoch=3)
    claim.holds(are_pairs(claim.value), "a list of tuples of two arrays", PAIRS)
    claim.holds(
        [[(part.shape, part.dtype) for part in pair] for pair in claim.value]
        == [[(part.shape, part.dtype) for part in pair] for pair in expected],
        "uint8 batches of the right shapes",
        SHAPES,
    )
    claim.holds(samples(claim.value) == samples(expected), "the samples that came in", SAMPLES)
