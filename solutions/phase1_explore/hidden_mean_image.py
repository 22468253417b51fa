"""Hidden checks of mean_image."""

import random

import pytest

from fmnist.exercises.expect import expect

SHAPE = "The mean of images is an image: rows and columns as in each of them, floats."
MEAN = "At each place: the sum over the images of the class, divided by their number, with /."


@pytest.mark.parametrize("seed", [11, 12, 13])
def test_agrees_with_the_reference(answer, reference, seed):
    """On other images the mean is that of the reference."""
    draw = random.Random(seed)
    rows, columns, count = draw.randrange(1, 9), draw.randrange(1, 9), draw.randrange(8, 30)
    images = [
        [[draw.choice([0, 255, draw.randrange(256)]) for _ in range(columns)] for _ in range(rows)]
        for _ in range(count)
    ]
    labels = [draw.choice([0, 0, 4, 9]) for _ in range(count)]
    labels[draw.randrange(count)] = 7
    for label in sorted(set(labels)):
        claim = expect(answer, images, labels, label)
        claim.is_table(rows, columns, of=float, idea=SHAPE)
        claim.is_close(reference(images, labels, label), tolerance=1e-9, idea=MEAN)
