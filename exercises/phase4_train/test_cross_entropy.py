"""Public checks of cross_entropy."""

import math
import random

import pytest

from fmnist.exercises.expect import Claim, expect

# Logarithms and exponentials are right to about 1e-16; sums of them, in here, to 1e-12.
CLOSE = 1e-9
FLOAT = "A loss is one number, a float."
NATS = (
    "The loss is minus the natural logarithm of the probability that one softmax gives to the true "
    "class; with another base the unit is no longer the nat."
)
NOT_NEGATIVE = (
    "No probability is above 1, so no loss is below 0: what you take out of every exponent must "
    "come back after the logarithm."
)
DIFFERENCES = (
    "Softmax depends on the differences of the logits alone, so one class cannot gain if all gain "
    "the same."
)
FINITE = (
    "The exponential of a large logit does not fit into a float, and a small probability is lost "
    "below the smallest one. Take the largest logit out before you use exp."
)
NO_LIMIT = (
    "A loss grows without limit if the network is sure of the wrong class; a probability that is "
    "cut off makes all great errors equally cheap."
)
ONE_CAKE = (
    "The losses of all possible labels, turned back by exp(-loss), are the probabilities of one "
    "softmax and add up to 1. Only the probability of the true class enters each loss."
)


def loss(answer, logits, label):
    """Return a claim about the loss: a finite float that is not negative."""
    try:
        claim = expect(answer, logits, label)
    except (ArithmeticError, ValueError) as error:  # an overflow, or the logarithm of 0
        claim = Claim(str(error), call=answer.describe((logits, label), {}))
        claim.holds(False, "a finite number", FINITE, got=str(error))
    claim.is_float(idea=FLOAT)
    claim.holds(math.isfinite(claim.value), "a finite number", FINITE)
    return claim.holds(claim.value >= -CLOSE, "a number of at least 0", NOT_NEGATIVE)


@pytest.mark.parametrize(
    ("logits", "label", "expected"),
    [
        pytest.param([0.0] * 10, 9, math.log(10), id="ten equal logits"),
        pytest.param([0.0, math.log(3)], 1, math.log(4 / 3), id="worked by hand"),
        pytest.param([0.0, math.log(3)], 0, math.log(4), id="the other label"),
    ],
)
def test_small_cases(answer, logits, label, expected):
    """Logits whose probabilities are simple fractions give the logarithms of these."""
    loss(answer, logits, label).is_close(expected, tolerance=CLOSE, idea=NATS)


def test_a_shift_changes_nothing(answer):
    """The same number added to all logits leaves the loss as it is."""
    logits = [1.5, -0.5, 3.0, 0.25]
    before = loss(answer, logits, 1)
    after = loss(answer, [logit + 7.0 for logit in logits], 1)
    after.is_close(before.value, tolerance=CLOSE, idea=DIFFERENCES)


def test_labels_share_one_cake(answer):
    """Turned back into probabilities, the losses of the ten labels add up to 1."""
    draw = random.Random(41)
    logits = [draw.gauss(0, 2) for _ in range(10)]
    total = sum(math.exp(-loss(answer, logits, label).value) for label in range(10))
    claim = Claim(total, call="sum of exp(-cross_entropy(logits, label)) over the ten labels")
    claim.is_close(1.0, tolerance=CLOSE, idea=ONE_CAKE)


@pytest.mark.parametrize(
    ("logits", "label", "expected"),
    [
        pytest.param([90.0, 0.0, 0.0], 2, 90.0, id="sure and wrong"),
        pytest.param([1000.0, 0.0, 0.0], 2, 1000.0, id="very sure and wrong"),
        pytest.param([1000.0, 0.0, 0.0], 0, 0.0, id="very sure and right"),
        pytest.param([-1000.0, -1000.0], 0, math.log(2), id="all far below zero"),
    ],
)
def test_far_from_zero(answer, logits, label, expected):
    """Logits far from zero give a loss as exact as any other."""
    loss(answer, logits, label).is_close(expected, tolerance=CLOSE, idea=NO_LIMIT)
