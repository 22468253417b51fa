"""Hidden checks of max_pool."""

import random

import pytest

from fmnist.exercises.expect import expect

SHAPE = "One float for each window that lies wholly within the map, in rows and columns."
IDEA = "Each window gives its largest value, as it stands there, and moves on by the stride."


@pytest.mark.parametrize("seed", [351, 352, 353])
def test_agrees_with_the_reference(answer, reference, seed):
    """On other maps, wide ones too, with ties and negative values, it is that of the reference."""
    draw = random.Random(seed)
    size, stride = draw.randint(1, 5), draw.randint(1, 4)
    rows, columns = size + draw.randrange(9), size + draw.randrange(14)
    feature_map = [[float(draw.randint(-9, 1)) for _ in range(columns)] for _ in range(rows)]
    expected = reference(feature_map, size=size, stride=stride)
    claim = expect(answer, feature_map, size=size, stride=stride)
    claim.is_table(len(expected), len(expected[0]), of=float, idea=SHAPE)
    claim.equals(expected, idea=IDEA)
