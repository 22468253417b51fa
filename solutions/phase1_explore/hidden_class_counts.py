"""Hidden checks of class_counts."""

import random

import pytest

from fmnist.exercises.expect import expect

EVERY_CLASS = "A class without images is still a class: it counts 0, and keeps its position."


@pytest.mark.parametrize("seed", [11, 12, 13])
def test_agrees_with_the_reference(answer, reference, seed):
    """On other labels the counts are those of the reference."""
    draw = random.Random(seed)
    classes = draw.randrange(3, 40)
    labels = [draw.randrange(0, classes, 2) for _ in range(300)]  # odd classes stay empty
    claim = expect(answer, labels, classes=classes)
    claim.is_table(classes, of=int, idea=EVERY_CLASS)
    claim.equals(reference(labels, classes=classes), idea=EVERY_CLASS)
