"""Hidden checks of shifted."""

import random

import pytest

from fmnist.exercises.expect import expect


@pytest.mark.parametrize(
    ("seed", "rows", "columns"), [(271, 28, 28), (272, 1, 5), (273, 4, 1), (274, 1, 1)]
)
def test_agrees_with_the_reference(answer, reference, seed, rows, columns):
    """Images of other sizes, shifted at random, are those of the reference."""
    draw = random.Random(seed)
    image = [[draw.randrange(256) for _ in range(columns)] for _ in range(rows)]
    for _ in range(6):
        down, right = draw.randint(-rows, rows), draw.randint(-columns, columns)
        background = draw.randrange(256)
        claim = expect(answer, image, down, right, background=background)
        claim.is_table(rows, columns, of=int, idea="The frame stays: same rows, same columns.")
        claim.equals(
            reference(image, down, right, background=background),
            idea="Each pixel moves down and right; what leaves is lost, what is free, background.",
        )
