"""Hidden checks of duplicate_groups."""

import random

import pytest

from fmnist.exercises.expect import expect

EVERY_PIXEL = "Equal means equal in every pixel, at its place: one grey value is a difference."
NUMBERS = (
    "Numbers written without a gap between them lose their borders: 1, 12 and 11, 2 are both 112. "
    "Compare the numbers, not their digits."
)


@pytest.mark.parametrize("seed", [11, 12, 13])
def test_agrees_with_the_reference(answer, reference, seed):
    """On other images, many of which differ in one pixel only, the groups are the reference's."""
    draw = random.Random(seed)
    first = [[draw.randrange(256) for _ in range(6)] for _ in range(3)]
    kinds = [first]
    for _ in range(25):
        other = [list(row) for row in draw.choice(kinds)]
        other[draw.randrange(3)][draw.randrange(6)] ^= 1  # one grey value up or down
        kinds.append(other)
    images = [draw.choice(kinds) for _ in range(60)]
    expect(answer, images).equals(reference(images), idea=EVERY_PIXEL)


def test_digits_are_not_numbers(answer):
    """Pixels whose digits agree when written in a row are different pixels."""
    images = [[[1, 12], [0, 0]], [[11, 2], [0, 0]], [[112, 0], [0, 0]], [[1, 12], [0, 0]]]
    expect(answer, images).equals([[0, 3]], idea=NUMBERS)
