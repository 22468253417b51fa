"""Public checks of majority_baseline."""

import random

import pytest

from fmnist.exercises.expect import Claim, expect

BOTH = "A baseline is a rule and what it reaches: the class first, then the accuracy."
TRAINING = (
    "The class is learned from the training labels alone. A baseline that may look at the answers "
    "is no rule that anybody could use."
)
TIES = (
    "Several classes can be equally frequent, as in Fashion-MNIST where all ten are. Without a "
    "rule, the order of the file decides, and two people report two baselines."
)
JUDGED = (
    "The accuracy is the share of `labels` that equal the class: a rule is judged on images that "
    "it was not made from."
)
SHARE = "An accuracy is a share, from 0 to 1: right ones divided by all."


def class_and_accuracy(answer, train_labels, labels):
    """Return claims about both parts of the answer."""
    claim = expect(answer, train_labels, labels).is_tuple(2, idea=BOTH)
    majority, accuracy = claim.value
    return (
        Claim(majority, call=f"class of {claim.call}").is_int(idea="A class is given by its int."),
        Claim(accuracy, call=f"accuracy of {claim.call}").is_float().lies_in(0, 1, idea=SHARE),
    )


@pytest.mark.parametrize(
    ("train_labels", "labels", "expected", "reached"),
    [
        pytest.param([3, 5, 5], [5, 3, 3, 3], 5, 0.25, id="worked by hand"),
        pytest.param([7, 7, 7, 2], [2, 2], 7, 0.0, id="never right"),
        pytest.param([4], [4, 4, 4], 4, 1.0, id="always right"),
    ],
)
def test_small_cases(answer, train_labels, labels, expected, reached):
    """Cases that can be counted on one hand come out."""
    majority, accuracy = class_and_accuracy(answer, train_labels, labels)
    majority.equals(expected, idea=TRAINING)
    accuracy.is_close(reached, tolerance=1e-12, idea=JUDGED)


@pytest.mark.parametrize(
    "train_labels",
    [
        pytest.param([9, 2, 2, 9, 6], id="largest first"),
        pytest.param([2, 9, 6, 9, 2], id="smallest first"),
        pytest.param([6, 9, 9, 2, 2], id="sorted the other way"),
    ],
)
def test_a_tie_goes_to_the_smallest_class(answer, train_labels):
    """Of equally frequent classes the smallest is returned, in whatever order they come."""
    majority, accuracy = class_and_accuracy(answer, train_labels, [9, 9, 9, 2])
    majority.equals(2, idea=TIES)
    accuracy.is_close(0.25, tolerance=1e-12, idea=JUDGED)


def test_equal_shares(answer):
    """With ten classes of equal size on both sides, one image in ten is right."""
    labels = [label for label in range(10) for _ in range(20)]
    random.Random(3).shuffle(labels)
    majority, accuracy = class_and_accuracy(answer, labels, labels[::2] + labels[1::2])
    majority.equals(0, idea=TIES)
    accuracy.is_close(0.1, tolerance=1e-12, idea=JUDGED)


def test_rare_and_frequent_classes(answer):
    """With unequal classes, the frequency among the labels to be judged is what counts."""
    draw = random.Random(4)
    train_labels = [draw.choice([0, 1, 8, 8, 8]) for _ in range(300)]
    labels = [draw.choice([0, 1, 1, 1, 8]) for _ in range(160)]
    majority, accuracy = class_and_accuracy(answer, train_labels, labels)
    majority.equals(8, idea=TRAINING)
    accuracy.is_close(labels.count(8) / 160, tolerance=1e-12, idea=JUDGED)
