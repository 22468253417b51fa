"""Hidden checks of grey_histogram."""

import random

import pytest

from fmnist.exercises.expect import expect

SHARES = "One float for each range: a share of the garment's pixels, from 0 to 1."
GARMENT = "Shares of the garment, whose pixels are above 0, in ranges of width 256 / bins."


@pytest.mark.parametrize("seed", [11, 12, 13, 14])
def test_agrees_with_the_reference(answer, reference, seed):
    """On other images and numbers of ranges the shares are those of the reference."""
    draw = random.Random(seed)
    bins = draw.choice([5, 7, 12, 16, 100])
    image = [[max(0, draw.randrange(-200, 256)) for _ in range(14)] for _ in range(9)]
    image[0][:3] = [1, 254, 255]
    claim = expect(answer, image, bins=bins).is_table(bins, of=float, idea=SHARES)
    claim.is_close(reference(image, bins=bins), tolerance=1e-12, idea=GARMENT)


@pytest.mark.parametrize("seed", [15])
def test_one_pixel(answer, reference, seed):
    """A garment of one pixel lies in one range as a whole."""
    for grey in random.Random(seed).sample(range(1, 256), 20):
        claim = expect(answer, [[0, grey]], bins=9).is_table(9, of=float, idea=SHARES)
        claim.is_close(reference([[0, grey]], bins=9), tolerance=1e-12, idea=GARMENT)
