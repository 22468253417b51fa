"""Hidden checks of confused_pairs."""

import random

import pytest

from fmnist.exercises.expect import expect


@pytest.mark.parametrize("seed", [541, 542, 543])
def test_agrees_with_the_reference(answer, reference, seed):
    """On other matrices, with many ties and empty cells, the pairs are those of the reference."""
    draw = random.Random(seed)
    classes = draw.randrange(3, 12)
    # Names in no order of the alphabet: the place decides about ties, not the letters.
    names = [f"{draw.randrange(1000):03d} of {k}" for k in range(classes)]
    matrix = [[draw.randrange(0, 4) for _ in names] for _ in names]
    for count in (1, classes, classes * classes):
        claim = expect(answer, matrix, names, count=count)
        claim.equals(
            reference(matrix, names, count=count),
            idea="Both directions together, the most mistakes first, ties in the order of names.",
        )
