"""Public checks of accuracy_interval."""

import math

import pytest

from fmnist.exercises.expect import Claim, expect

TRIPLE = "Return the accuracy and both ends of its interval, in this order."
SHARE = "The accuracy is the number of right answers divided by the number of images."
ROOT = (
    "The width of an interval is a matter of standard deviations, so it falls with the square root "
    "of the number of images: four times as many make it half as wide."
)
INSIDE = "An accuracy is a share: nothing below 0 or above 1 can be the truth."
NEVER_SURE = (
    "Thirty right answers in a row do not prove that the network never errs: one that errs once in "
    "fifty would often do the same. The standard error must not come from the measured accuracy."
)
ENDS = (
    "Each end is a true share of which the measured accuracy is just z standard errors away. A "
    "share near one half has the larger standard error, so the interval reaches farther to that "
    "side, and the accuracy is not its middle."
)


def answers(right, n):
    """Return n bools of which the first `right` are true."""
    return [position < right for position in range(n)]


def three(answer, *args, **kwargs):
    """Return claims about accuracy, low and high."""
    claim = expect(answer, *args, **kwargs).is_tuple(3, idea=TRIPLE)
    return [
        Claim(number, call=f"{name} of {claim.call}").is_float()
        for name, number in zip(("accuracy", "low", "high"), claim.value, strict=True)
    ]


def end(accuracy, n, z, outside):
    """Return the share from `outside` on that is z of its standard errors away, by bisection."""
    inside = accuracy
    for _ in range(100):
        middle = (inside + outside) / 2
        if abs(accuracy - middle) <= z * math.sqrt(middle * (1 - middle) / n):
            inside = middle
        else:
            outside = middle
    return inside


@pytest.mark.parametrize(
    ("right", "n"),
    [
        pytest.param(3, 4, id="three of four"),
        pytest.param(1, 1, id="one image"),
        pytest.param(0, 5, id="none of five"),
    ],
)
def test_the_accuracy_is_the_share_of_right_answers(answer, right, n):
    """The first number is the share of images on which the network is right."""
    accuracy, _, _ = three(answer, answers(right, n))
    accuracy.lies_in(0, 1, idea=SHARE).is_close(right / n, tolerance=1e-12, idea=SHARE)


@pytest.mark.parametrize("n", [2500, 10_000])
def test_many_images_make_the_interval_narrow(answer, n):
    """With nine in ten right, the width is close to that of the worked example."""
    accuracy, low, high = three(answer, answers(n * 9 // 10, n))
    accuracy.is_close(0.9, tolerance=1e-12, idea=SHARE)
    width = Claim(high.value - low.value, call=f"width of the interval for {n} images")
    width.is_close(2 * 1.96 * math.sqrt(0.09 / n), tolerance=1e-4, idea=ROOT)


@pytest.mark.parametrize("right", [pytest.param(30, id="all"), pytest.param(0, id="none")])
def test_thirty_images_prove_nothing(answer, right):
    """With all of thirty images right, or none, an interval within [0, 1] still has a width."""
    _, low, high = three(answer, answers(right, 30))
    for one in (low, high):
        # Rounding may leave the range in the last digit.
        one.holds(-1e-12 <= one.value <= 1 + 1e-12, "a number from 0 to 1", INSIDE)
    width = Claim(high.value - low.value, call=f"width of the interval for {right} right of 30")
    width.lies_in(0.05, 0.5, idea=NEVER_SURE)


@pytest.mark.parametrize(
    ("right", "n", "z"),
    [
        pytest.param(4, 4, 2.0, id="all of four"),
        pytest.param(9, 12, 2.0, id="nine of twelve"),
        pytest.param(1, 40, 1.96, id="one of forty"),
        pytest.param(930, 1000, 2.576, id="many images"),
    ],
)
def test_each_end_is_just_not_refuted(answer, right, n, z):
    """From each end, the accuracy is z standard errors away, computed at that end."""
    accuracy, low, high = three(answer, answers(right, n), z=z)
    accuracy.is_close(right / n, tolerance=1e-12, idea=SHARE)
    # Rounding: a root of a sum near 0 keeps half the digits of that sum.
    low.is_close(end(right / n, n, z, 0.0), tolerance=1e-7, idea=ENDS)
    high.is_close(end(right / n, n, z, 1.0), tolerance=1e-7, idea=ENDS)


def test_right_and_wrong_mirror_each_other(answer):
    """If right and wrong are exchanged, the interval is mirrored at one half."""
    _, low, high = three(answer, answers(17, 20))
    _, back_low, back_high = three(answer, answers(3, 20))
    mirror = "The share of errors is 1 minus the accuracy, and so are the ends of its interval."
    back_low.is_close(1 - high.value, tolerance=1e-9, idea=mirror)
    back_high.is_close(1 - low.value, tolerance=1e-9, idea=mirror)
