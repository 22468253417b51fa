"""Hidden checks of stratified_split."""

import random

import pytest

from fmnist.exercises.expect import Claim, expect

PARTS = "Return three lists of positions: training, validation, test, in this order."
SHARES = "Of m images of a class, m // one_in are in validation, as many in test, the rest trains."


def split(answer, labels, **options):
    """Return a claim about three lists of ints."""
    claim = expect(answer, labels, **options).is_tuple(3, idea=PARTS)
    for part in claim.value:
        length = len(part) if type(part) is list else 0
        Claim(part, call=f"a part of {claim.call}").is_table(length, of=int, idea=PARTS)
    return claim


@pytest.mark.parametrize(("seed", "one_in"), [(241, 3), (242, 4), (243, 7), (244, 50)])
def test_agrees_with_the_reference(answer, reference, seed, one_in):
    """With classes of all sizes, each class gives as many images to each part as it should."""
    draw = random.Random(seed)
    labels = [label for label in draw.sample(range(100), 8) for _ in range(draw.randint(1, 40))]
    draw.shuffle(labels)
    claim = split(answer, labels, one_in=one_in, seed=seed)
    held = [position for part in claim.value for position in part]
    claim.holds(
        sorted(held) == list(range(len(labels))),
        "each position once",
        "Every image belongs to exactly one part.",
    )
    parts = reference(labels, one_in=one_in, seed=seed)
    for found, expected in zip(claim.value, parts, strict=True):
        got = sorted(labels[position] for position in found)
        claim.holds(
            got == sorted(labels[position] for position in expected),
            "the same share of each class",
            SHARES,
            got=f"a part with the classes {got}"[:200],
        )


@pytest.mark.parametrize("seed", [245])
def test_classes_are_drawn_one_by_one(answer, seed):
    """What is drawn in one class does not say what is drawn in the next."""
    labels = [0] * 20 + [1] * 20
    same = 0
    for one in range(10):
        claim = split(answer, labels, one_in=4, seed=seed + one)
        held_out = claim.value[1]
        sizes = [len(part) for part in claim.value]
        claim.holds(sizes == [20, 10, 10], "a quarter of each class in two parts", SHARES)
        same += {one for one in held_out if one < 20} == {one - 20 for one in held_out if one >= 20}
    claim.holds(
        same < 5,
        "other ranks in each class",
        "If a file lists all classes in the same order, by maker for example, the same ranks in "
        "each class are the same makers. Draw anew for each class, from one generator.",
        got=f"the same ranks in both classes for {same} of 10 seeds",
    )
