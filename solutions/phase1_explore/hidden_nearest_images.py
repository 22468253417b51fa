"""Hidden checks of nearest_images."""

import numpy as np
import pytest

from fmnist.exercises.expect import Claim, expect

PAIR = "Return two arrays in this order: positions (int64), and distances (float64)."
OTHERS = "All other images in the order of their distance, the lower position first among equals."
EUCLIDEAN = "The root of the sum of squared differences, in a type that has room for them."


def agree(answer, reference, images, position, count):
    """Expect both parts as the reference has them."""
    claim = expect(answer, images, position, count=count).is_tuple(2, idea=PAIR)
    positions, distances = reference(images, position, count=count)
    found = Claim(claim.value[0], call=claim.call).is_array(count, dtype="int64", idea=PAIR)
    found.equals(positions, idea=OTHERS)
    lengths = Claim(claim.value[1], call=claim.call).is_array(count, dtype="float64", idea=PAIR)
    # A root of at most 100 squares, rounded in float32, is off by less than this.
    lengths.is_close(distances, tolerance=1e-5, idea=EUCLIDEAN)


@pytest.mark.parametrize("seed", [11, 12, 13])
def test_agrees_with_the_reference(answer, reference, seed):
    """On other images, some of them twins, the result is that of the reference."""
    draw = np.random.default_rng(seed)
    images = draw.integers(0, 256, (20, 9, 7), dtype=np.uint8)
    images[draw.integers(10, 20, 4)] = images[2]
    for position in (0, 2, 19):
        agree(answer, reference, images, position, int(draw.integers(1, 20)))


@pytest.mark.parametrize("seed", [14])
def test_black_and_white(answer, reference, seed):
    """With grey values of 0 and 255 alone, differences are as large as they can be."""
    draw = np.random.default_rng(seed)
    images = np.zeros((7, 100), dtype=np.uint8)
    for n, white in enumerate(draw.permutation([0, 9, 20, 33, 48, 65, 90])):
        images[n, :white] = 255  # no two images are equally far from a third
    for position in range(7):
        agree(answer, reference, images.reshape(7, 10, 10), position, 6)
