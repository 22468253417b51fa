"""Public checks of stratified_split."""

import random

from fmnist.exercises.expect import Claim, expect

PARTS = "Return three lists of positions: training, validation, test, in this order."
INTS = "A position is an int, so that it can pick an image and its label alike."
ASCENDING = "In ascending order two splits can be compared at a glance."
ONCE = (
    "Every image belongs to exactly one part. One that is in two is judged by what has seen it, "
    "and one that is in none is wasted."
)
SHARES = (
    "Each class gives the same share to each part, rare classes too. Drawn from all images "
    "together, or cut from the end of a sorted file, a class can be nearly missing."
)
REPEATABLE = (
    "Others can repeat your result only if the seed alone decides: not what was drawn before, in "
    "this call or in an earlier one."
)
DRAWN = (
    "Files are often in an order that means something: by day, by camera, by maker. So every image "
    "must have its chance to be in each part."
)


def split(answer, labels, **options):
    """Return a claim about three lists of ints."""
    claim = expect(answer, labels, **options).is_tuple(3, idea=PARTS)
    for name, part in zip(("training", "validation", "test"), claim.value, strict=True):
        length = len(part) if type(part) is list else 0
        one = Claim(part, call=f"{name} part of {claim.call}")
        one.is_table(length, of=int, idea=INTS)
    return claim


def test_every_image_is_in_one_part(answer):
    """Together the three parts hold every position once, each part in ascending order."""
    labels = [label for label in range(10) for _ in range(12)]
    random.Random(1).shuffle(labels)
    claim = split(answer, labels, one_in=4, seed=5)
    train, validation, test = claim.value
    held = sorted(train + validation + test)
    claim.holds(
        held == list(range(120)),
        "the positions 0 to 119, each once",
        ONCE,
        got=f"{len(held)} positions, {len(set(held))} of them different",
    )
    good = all(part == sorted(part) for part in claim.value)
    claim.holds(good, "ascending positions", ASCENDING)


def test_every_class_gives_its_share(answer):
    """A tenth of each class is for validation and a tenth for testing, of 100 and of 10 images."""
    counts = {0: 100, 1: 60, 6: 30, 9: 10}
    labels = [label for label, count in counts.items() for _ in range(count)]  # sorted by class
    claim = split(answer, labels, one_in=10, seed=3)
    inside = all(0 <= position < len(labels) for part in claim.value for position in part)
    claim.holds(inside, "positions of the labels", ONCE)
    train, validation, test = claim.value
    for label, count in counts.items():
        got = tuple(sum(labels[one] == label for one in part) for part in (train, validation, test))
        wanted = (count - 2 * (count // 10), count // 10, count // 10)
        claim.holds(
            got == wanted,
            f"{wanted} images of class {label} in training, validation and test",
            SHARES,
            got=f"{got} images of class {label}",
        )


def test_small_classes(answer):
    """A class with too few images to give one away stays in training."""
    claim = split(answer, [7, 7, 4, 7, 4, 7, 7, 5], one_in=5)
    train, validation, test = claim.value
    claim.holds(
        len(validation) == 1 and len(test) == 1 and {2, 4, 7} <= set(train),
        "one of class 7 in validation, one in test, and classes 4 and 5 in training",
        "Two of five images, or none of one: m // one_in rounds down, class by class.",
    )


def test_the_seed_decides(answer):
    """The same seed gives the same split again, and another seed another one."""
    labels = [position % 4 for position in range(80)]
    first = split(answer, labels, seed=11)
    other = split(answer, labels, seed=12)
    again = split(answer, labels, seed=11)
    again.equals(first.value, idea=REPEATABLE)
    other.holds(
        other.value != first.value, "another split than with seed 11", "Use the seed that is given."
    )


def test_every_image_has_its_chance(answer):
    """Over 60 seeds, each of 20 images is at least once in each part."""
    labels = [2] * 10 + [8] * 10
    seen = [set(), set(), set()]
    for seed in range(60):
        claim = split(answer, labels, one_in=3, seed=seed)
        for part, positions in zip(seen, claim.value, strict=True):
            part.update(positions)
    for part, name in zip(seen, ("training", "validation", "test"), strict=True):
        never = sorted(set(range(20)) - part)
        claim.holds(
            not never,
            f"no image that is never in {name}, whatever the seed",
            DRAWN,
            got=f"positions {never} never",
        )
