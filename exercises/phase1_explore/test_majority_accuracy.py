"""Public checks of majority_accuracy."""

import random

import pytest

from fmnist.exercises.expect import Claim, expect

PAIR = "Return two things in this order: the class that is always answered, and its accuracy."
CLASS = "The answer is a class: the label itself, an int from 0 to 9, not its count."
SHARE = "An accuracy is a share of the judged images: right answers divided by all, with /."
TRAINING = (
    "The training labels alone choose the answer. Whoever lets the judged labels choose has looked "
    "at the solutions, and the accuracy comes out too high."
)
TIE = (
    "Of several classes with equally many images the lowest is answered: a rule for ties makes the "
    "result the same in whatever order the images come."
)
BALANCE = (
    "What always answering one class reaches is the share of that class among the judged images. "
    "It is one tenth only where ten classes are equally frequent."
)


def class_and_accuracy(answer, train_labels, labels):
    """Return claims about both parts of the answer, whose types and ranges are right."""
    claim = expect(answer, train_labels, labels).is_tuple(2, idea=PAIR)
    chosen = Claim(claim.value[0], call=f"class of {claim.call}").is_int(idea=CLASS)
    accuracy = Claim(claim.value[1], call=f"accuracy of {claim.call}").is_float(idea=SHARE)
    return chosen.lies_in(0, 9, idea=CLASS), accuracy.lies_in(0, 1, idea=SHARE)


@pytest.mark.parametrize(
    ("train_labels", "labels", "expected", "share"),
    [
        pytest.param([7, 7, 3], [7, 3, 7, 1], 7, 0.5, id="worked by hand"),
        pytest.param([0, 0, 9], [9, 9], 0, 0.0, id="never right"),
        pytest.param([5], [5], 5, 1.0, id="one image each"),
    ],
)
def test_small_cases(answer, train_labels, labels, expected, share):
    """Cases that can be counted on one hand come out."""
    chosen, accuracy = class_and_accuracy(answer, train_labels, labels)
    chosen.equals(expected, idea=TRAINING)
    accuracy.is_close(share, tolerance=1e-12, idea=BALANCE)


def test_unequal_classes(answer):
    """Where nine of ten images are sneakers, always answering sneaker is right for nine of ten."""
    sneakers = [7] * 90 + list(range(10))
    random.Random(2).shuffle(sneakers)
    chosen, accuracy = class_and_accuracy(answer, sneakers, sneakers)
    chosen.equals(7, idea=CLASS)
    accuracy.is_close(0.91, tolerance=1e-12, idea=BALANCE)


def test_training_labels_choose(answer):
    """If most validation images are bags and most training images are coats, coat is answered."""
    chosen, accuracy = class_and_accuracy(answer, [4] * 60 + [8] * 40, [8] * 70 + [4] * 30)
    chosen.equals(4, idea=TRAINING)
    accuracy.is_close(0.3, tolerance=1e-12, idea=TRAINING)


@pytest.mark.parametrize(
    "train_labels",
    [
        pytest.param([2, 6, 2, 6], id="lowest first"),
        pytest.param([6, 2, 6, 2], id="lowest second"),
        pytest.param([9, 6, 6, 2, 2], id="lowest last"),
    ],
)
def test_ties_go_to_the_lowest_class(answer, train_labels):
    """Of classes with equally many training images the lowest is answered, in whatever order."""
    chosen, accuracy = class_and_accuracy(answer, train_labels, [2, 6, 6, 6])
    chosen.equals(2, idea=TIE)
    accuracy.is_close(0.25, tolerance=1e-12, idea=TIE)
