"""Public checks of duplicate_groups."""

import random

import pytest

from fmnist.exercises.expect import expect

GROUPS = "The result is a list of groups, and a group is a list of at least two positions, ints."
WHOLE = (
    "All images that are equal belong to one group, wherever they stand: a shuffled data set has "
    "its twins far apart, and an image that is there three times is one finding, not three."
)
EVERY_PIXEL = (
    "Equal means equal in every pixel, at its place. Images may well share their sum, their mean "
    "or their values in another order, and still show different things."
)
ORDER = "Positions ascend within a group, and groups stand in the order of their first positions."

BAG, BOOT, COAT = [[9, 0], [9, 9]], [[0, 9], [9, 9]], [[3, 3], [3, 18]]


def judged(answer, images):
    """Return a claim about groups of positions that exist, each of at least two."""
    claim = expect(answer, images)
    good = type(claim.value) is list and all(
        type(group) is list and all(type(position) is int for position in group)
        for group in claim.value
    )
    claim.holds(good, "a list of lists of ints", GROUPS)
    claim.holds(all(len(group) > 1 for group in claim.value), "at least two in a group", GROUPS)
    return claim.lies_in(0, len(images) - 1, idea=GROUPS) if claim.value else claim


@pytest.mark.parametrize(
    ("images", "expected"),
    [
        pytest.param([BAG, BAG], [[0, 1]], id="one pair"),
        pytest.param([BAG, BOOT, COAT], [], id="all different"),
        pytest.param([], [], id="no image"),
    ],
)
def test_small_cases(answer, images, expected):
    """Cases that can be seen at a glance come out."""
    judged(answer, images).equals(expected, idea=EVERY_PIXEL)


def test_twins_stand_anywhere(answer):
    """Equal images are found with others between them."""
    judged(answer, [BAG, BOOT, COAT, BAG]).equals([[0, 3]], idea=WHOLE)


def test_three_of_a_kind_are_one_group(answer):
    """An image that is there three times makes one group of three, and groups are in order."""
    claim = judged(answer, [COAT, BAG, BOOT, BAG, COAT, BAG])
    claim.equals([[0, 4], [1, 3, 5]], idea=f"{WHOLE} {ORDER}")


def test_likeness_is_not_equality(answer):
    """Images with equal sums, with the same values elsewhere, or turned, are not duplicates."""
    claim = judged(answer, [[[1, 2], [3, 4]], [[4, 3], [2, 1]], [[1, 3], [2, 4]], [[0, 5], [5, 0]]])
    claim.equals([], idea=EVERY_PIXEL)


def test_agrees_with_comparing_all_pairs(answer):
    """On many random images the groups are those found by comparing each with all others."""
    draw = random.Random(7)
    kinds = [[[draw.randrange(256) for _ in range(5)] for _ in range(4)] for _ in range(30)]
    images = [draw.choice(kinds) for _ in range(45)]
    expected = []
    for position, image in enumerate(images):
        same = [other for other in range(len(images)) if images[other] == image]
        if len(same) > 1 and same[0] == position:
            expected.append(same)
    judged(answer, images).equals(expected, idea=f"{EVERY_PIXEL} {ORDER}")
