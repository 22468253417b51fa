"""Hidden checks of epoch_batches."""

import numpy as np
import pytest

from fmnist.exercises.expect import expect

SAMPLES = "Together the batches hold each image once, with its own label."


@pytest.mark.parametrize(("seed", "count"), [(0, 1), (251, 257), (252, 130)])
def test_agrees_with_the_reference(answer, reference, seed, count):
    """Random images, perhaps equal ones, keep their labels, and batches have the right sizes."""
    draw = np.random.default_rng(seed)
    images = draw.integers(0, 256, (count, 3, 2), dtype=np.uint8)
    labels = draw.integers(0, 10, count, dtype=np.uint8)
    claim = expect(answer, images, labels, 64, seed=seed, epoch=3)
    expected = reference(images, labels, 64, seed=seed, epoch=3)
    claim.holds(
        type(claim.value) is list
        and [tuple(part.shape for part in pair) for pair in claim.value]
        == [tuple(part.shape for part in pair) for pair in expected],
        "batches of the right shapes",
        "All batches are full, but for the last, which has what is left.",
    )

    def samples(pairs):
        return sorted(
            (image.tolist(), int(label))
            for batch, given in pairs
            for image, label in zip(batch, given, strict=True)
        )

    claim.holds(samples(claim.value) == samples(expected), "the samples that came in", SAMPLES)
