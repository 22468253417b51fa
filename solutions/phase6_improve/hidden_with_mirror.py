"""Hidden checks of with_mirror."""

import numpy as np
import pytest

from fmnist.exercises.expect import expect

SHAPE = "One row per image, one column per class, in float32 like the pixels."
MIRROR = "The mean of two softmaxes: of the image, and of the image with its columns reversed."
OWN_LARGEST = (
    "Each row of logits has a largest one of its own. Moved by that of another image, all its "
    "powers may become 0, and 0 divided by 0 is no probability."
)


@pytest.mark.parametrize("seed", [661, 662])
def test_agrees_with_the_reference(answer, reference, seed):
    """For images of many shapes the probabilities are those of the reference."""
    draw = np.random.default_rng(seed)
    for rows, columns in ((1, 1), (5, 1), (1, 6), (7, 4), (14, 14)):
        images = draw.random((9, rows, columns), dtype=np.float32)
        kernel = draw.normal(0, 1, (rows * columns, 10)).astype(np.float32)
        bias = draw.normal(0, 1, 10).astype(np.float32)
        claim = expect(answer, images, kernel, bias)
        claim.is_array(9, 10, dtype="float32", idea=SHAPE)
        claim.is_close(reference(images, kernel, bias), tolerance=1e-5, idea=MIRROR)


@pytest.mark.parametrize("seed", [663])
def test_a_dark_image_beside_a_bright_one(answer, seed):
    """Logits of 0 for one image do not suffer from logits of thousands for another."""
    draw = np.random.default_rng(seed)
    count, bright, large = int(draw.integers(3, 9)), int(draw.integers(3)), draw.integers(900, 2000)
    images = np.zeros((count, 1, 2), dtype=np.float32)
    images[bright] = 1
    kernel = np.array([[large, 0], [large, 0]], dtype=np.float32)
    claim = expect(answer, images, kernel, np.zeros(2, dtype=np.float32))
    claim.is_array(count, 2, dtype="float32", idea=SHAPE)
    expected = [[1.0, 0.0] if n == bright else [0.5, 0.5] for n in range(count)]
    claim.is_close(expected, tolerance=1e-5, idea=OWN_LARGEST)
