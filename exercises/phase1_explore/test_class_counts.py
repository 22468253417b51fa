"""Public checks of class_counts."""

import random

import pytest

from fmnist.exercises.expect import expect

EVERY_CLASS = "A class without images is still a class: it counts 0, and keeps its position."
POSITION = "Position c of the list counts class c."


@pytest.mark.parametrize(
    ("labels", "classes", "expected"),
    [
        pytest.param([2, 0, 2], 4, [1, 0, 2, 0], id="worked by hand"),
        pytest.param([1, 1, 1], 3, [0, 3, 0], id="one class only"),
        pytest.param([], 2, [0, 0], id="no image"),
    ],
)
def test_small_cases(answer, labels, classes, expected):
    """Cases that can be counted on one hand come out."""
    claim = expect(answer, labels, classes=classes)
    claim.is_table(classes, of=int, idea=EVERY_CLASS).equals(expected, idea=POSITION)


def test_ten_classes_by_default(answer):
    """Without a number of classes there are ten, as in Fashion-MNIST."""
    expect(answer, [9]).is_table(10, of=int, idea=EVERY_CLASS)


def test_counts_add_up(answer):
    """Every image is counted once, so the counts add up to the number of images."""
    draw = random.Random(1)
    labels = [draw.randrange(10) for _ in range(500)]
    claim = expect(answer, labels).is_table(10, of=int, idea=EVERY_CLASS)
    claim.holds(sum(claim.value) == 500, "counts that add up to 500", "Each label counts once.")
