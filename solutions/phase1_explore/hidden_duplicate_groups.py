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


@pytest.mark.parametrize("seed", [14, 15])
def test_digits_are_not_numbers(answer, seed):
    """Pixels whose digits agree when written in a row are different pixels."""
    draw = random.Random(seed)
    for _ in range(4):
        tens, ones, last = (draw.randint(1, 2) for _ in range(3))
        kinds = [
            [[tens, 10 * ones + last], [0, 0]],
            [[10 * tens + ones, last], [0, 0]],
            [[100 * tens + 10 * ones + last, 0], [0, 0]],
        ]
        twin, place = draw.choice(kinds), draw.randint(0, 3)
        draw.shuffle(kinds)
        images = [*kinds[:place], twin, *kinds[place:]]
        first, second = (n for n, image in enumerate(images) if image == twin)
        expect(answer, images).equals([[first, second]], idea=NUMBERS)
