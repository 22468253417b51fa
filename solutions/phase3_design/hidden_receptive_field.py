"""Hidden checks of receptive_field."""

import random

import pytest

from fmnist.exercises.expect import expect

IDEA = (
    "Each kernel adds kernel - 1 neighbours, as far apart as all strides before it make them; the "
    "place is multiplied by all strides."
)


@pytest.mark.parametrize("seed", [341, 342, 343])
def test_agrees_with_the_reference(answer, reference, seed):
    """On other stacks, deeper and with larger strides, the field is that of the reference."""
    draw = random.Random(seed)
    for _ in range(20):
        layers = [(draw.randint(1, 9), draw.randint(1, 4)) for _ in range(draw.randrange(9))]
        place = draw.randrange(50)
        claim = expect(answer, layers, place=place)
        claim.equals(reference(layers, place=place), idea=IDEA)
