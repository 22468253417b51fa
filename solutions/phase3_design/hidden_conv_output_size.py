"""Hidden checks of conv_output_size."""

import random

import pytest

from fmnist.exercises.expect import expect

PLACES = "Places of the kernel are counted, with an int: whole steps, and one place more."
CHAIN = "The map of one layer is the image of the next, so an error of one place is carried on."


@pytest.mark.parametrize("seed", [311, 312, 313])
def test_agrees_with_the_reference(answer, reference, seed):
    """On other images, kernels, strides and paddings the size is that of the reference."""
    draw = random.Random(seed)
    for _ in range(30):
        kernel, stride = draw.randint(1, 11), draw.randint(1, 5)
        side, padding = kernel + draw.randrange(60), draw.choice(["valid", "same"])
        claim = expect(answer, side, kernel, stride=stride, padding=padding).is_int(idea=PLACES)
        claim.equals(reference(side, kernel, stride=stride, padding=padding), idea=PLACES)


@pytest.mark.parametrize("seed", [314, 315])
def test_layers_follow_each_other(answer, reference, seed):
    """Through five layers in a row the sizes are those of the reference."""
    draw = random.Random(seed)
    side = draw.randint(200, 300)
    for _ in range(5):
        layer = draw.randint(2, 5), draw.randint(1, 2), draw.choice(["valid", "same"])
        claim = expect(answer, side, *layer).is_int(idea=PLACES)
        side = reference(side, *layer)
        claim.equals(side, idea=CHAIN)
