"""Public checks of calibration_error."""

import numpy as np
import pytest

from fmnist.exercises.expect import expect

NUMBER = "The error is one number."
RANGE = (
    "A distance between two shares lies between 0 and 1, and so does an average of distances. An "
    "empty bin has no mean: it must be left out before anything is divided by its 0 images."
)
WITHIN = (
    "Too much confidence in one bin does not make up for too little in another: take the distance "
    "within each bin, without its sign, and then average."
)
WEIGHTS = (
    "A bin weighs as much as it has images: one image in a bin of its own must not count as much "
    "as nine in another."
)
EDGE = (
    "A confidence of exactly 1 is the boldest promise there is, and belongs to the last bin; an "
    "inner edge belongs to the bin below it."
)
PROMISE = (
    "The confidence is what the network promises for its own prediction, right or wrong. The "
    "probability of the true class is not known to it."
)
WIDTH = (
    "The bins are of equal width on the scale of confidence, whatever number of images falls into "
    "each."
)


def two_classes(confidences, right):
    """Return probabilities of two classes, of which the first is predicted, and labels."""
    probabilities = np.array([[one, 1 - one] for one in confidences])
    return probabilities, np.array([0 if is_right else 1 for is_right in right])


def oracle(probabilities, labels, bins):
    """Return the error by the definition, one bin and one image at a time."""
    total = 0.0
    for b in range(bins):
        inside = [
            (float(row.max()), int(row.argmax()) == int(label))
            for row, label in zip(probabilities, labels, strict=True)
            if b / bins < row.max() <= (b + 1) / bins
        ]
        if inside:
            confidence = sum(one for one, _ in inside) / len(inside)
            accuracy = sum(is_right for _, is_right in inside) / len(inside)
            total += len(inside) / len(labels) * abs(confidence - accuracy)
    return total


def judged(answer, probabilities, labels, **kwargs):
    """Return a claim about a float in [0, 1]."""
    claim = expect(answer, probabilities, labels, **kwargs)
    return claim.is_float(idea=NUMBER).lies_in(0, 1, idea=RANGE)


def test_confidence_is_that_of_the_prediction(answer):
    """Images that are called wrongly count with the probability of what they are called."""
    probabilities = np.array([[0.7, 0.2, 0.1], [0.7, 0.2, 0.1]])
    claim = judged(answer, probabilities, np.array([1, 2]), bins=10)
    claim.is_close(0.7, tolerance=1e-9, idea=PROMISE)


@pytest.mark.parametrize(
    ("confidences", "right", "expected"),
    [
        pytest.param([0.75, 0.75], [True, False], 0.25, id="too sure"),
        pytest.param([0.75, 0.75, 0.75, 0.75], [True, True, True, False], 0.0, id="promise kept"),
        pytest.param([0.6, 0.6, 0.9, 0.9], [True, False, True, True], 0.1, id="one bin each way"),
    ],
)
def test_worked_by_hand(answer, confidences, right, expected):
    """With four bins and few images, the error can be computed on paper."""
    claim = judged(answer, *two_classes(confidences, right), bins=4)
    claim.is_close(expected, tolerance=1e-9, idea=WITHIN)


def test_every_image_weighs_the_same(answer):
    """One image that breaks its promise among ten adds a tenth of its distance."""
    confidences, right = [1.0] * 9 + [0.6], [True] * 9 + [False]
    claim = judged(answer, *two_classes(confidences, right), bins=4)
    claim.is_close(0.06, tolerance=1e-9, idea=WEIGHTS)


@pytest.mark.parametrize(
    ("confidences", "right", "expected"),
    [
        pytest.param([1.0, 1.0, 0.625], [False, False, True], 2.375 / 3, id="sure and wrong"),
        pytest.param([0.75, 0.625, 0.875], [True, False, True], 0.5 / 3, id="inner edge"),
    ],
)
def test_a_bin_holds_its_right_edge(answer, confidences, right, expected):
    """A confidence of 1 is in the last bin, and one of 3/4 in the third of four."""
    claim = judged(answer, *two_classes(confidences, right), bins=4)
    claim.is_close(expected, tolerance=1e-9, idea=EDGE)


@pytest.mark.parametrize("bins", [1, 7, 15])
def test_bins_are_equally_wide(answer, bins):
    """On many images the error is that of the definition, bin by bin."""
    draw = np.random.default_rng(57)
    logits = 3 * draw.normal(size=(200, 4))
    powers = np.exp(logits)
    probabilities = powers / powers.sum(axis=1, keepdims=True)
    labels = np.where(draw.random(200) < 0.6, logits.argmax(axis=1), draw.integers(0, 4, 200))
    claim = judged(answer, probabilities, labels, bins=bins)
    claim.is_close(oracle(probabilities, labels, bins), tolerance=1e-9, idea=WIDTH)
