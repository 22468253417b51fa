"""Public checks of gain_over_seeds."""

import math
import random

import pytest

from fmnist.exercises.expect import Claim, expect

THREE = "Return the gain and both ends of its interval, in this order: a gain alone says little."
MIDDLE = (
    "The gain of a recipe is the mean over all its seeds. The best seed is luck that the next "
    "training will not repeat, and the more seeds one tries the better it gets."
)
CENTRE = "Seeds may fall to either side, so the interval reaches as far below the mean as above it."
PAIRED = (
    "Both recipes start from the same seeds. What a seed does to both cancels in its gain, so the "
    "deviation to use is that of the gains, not those of the accuracies."
)
STUDENT = (
    "Three seeds may lie close together by accident and hide how far seeds spread. Student's "
    "quantile makes up for that; the 1.96 of the normal distribution is for many seeds."
)
ERROR = (
    "The interval is for the mean of the seeds, not for a single seed. A mean over more seeds is "
    "known better, by the square root of their number."
)
FREE = (
    "The mean was computed from the same gains, so only n - 1 of their deviations are free. This "
    "n - 1 stands in the deviation, and it chooses the quantile."
)
ENDS = "An interval is read from its lower end to its upper end."


def gain_and_ends(answer, accuracies_a, accuracies_b):
    """Return claims about the gain and about the interval, both of the right kind."""
    claim = expect(answer, accuracies_a, accuracies_b).is_tuple(3, idea=THREE)
    for number in claim.value:
        Claim(number, call=f"one number of {claim.call}").is_float()
    gain, *ends = claim.value
    interval = Claim(ends, call=f"interval of {claim.call}").lies_in(-10, 10, idea=THREE)
    interval.holds(ends[0] <= ends[1], "a lower end and then an upper end", ENDS)
    return Claim(gain, call=f"gain of {claim.call}"), interval


def half(interval):
    """Return a claim about half the width of an interval."""
    low, high = interval.value
    return Claim((high - low) / 2, call=f"half the width of the {interval.call}")


@pytest.mark.parametrize(
    ("accuracies_a", "accuracies_b", "expected"),
    [
        pytest.param([0.5, 0.75], [0.75, 0.75], 0.125, id="two seeds"),
        pytest.param([0.90, 0.91, 0.92], [0.91, 0.91, 0.96], 0.05 / 3, id="one lucky seed"),
        pytest.param([0.92, 0.91, 0.93, 0.92], [0.91, 0.90, 0.92, 0.91], -0.01, id="worse"),
    ],
)
def test_the_mean_is_in_the_middle(answer, accuracies_a, accuracies_b, expected):
    """The gain is the mean over the seeds, and the interval reaches as far down as up."""
    gain, interval = gain_and_ends(answer, accuracies_a, accuracies_b)
    gain.is_close(expected, tolerance=1e-9, idea=MIDDLE)
    middle = Claim(sum(interval.value) / 2, call=f"middle of the {interval.call}")
    middle.is_close(expected, tolerance=1e-9, idea=CENTRE)


def test_what_both_recipes_share_does_not_count(answer):
    """Every seed gains the same: the interval has no width, however much the seeds differ."""
    _, interval = gain_and_ends(answer, [0.25, 0.5, 0.75], [0.375, 0.625, 0.875])
    half(interval).is_close(0.0, tolerance=1e-9, idea=PAIRED)


def test_three_seeds_say_little(answer):
    """Gains of 0.5, 2 and 3 points from three seeds may still be luck."""
    _, interval = gain_and_ends(answer, [0.90, 0.90, 0.90], [0.905, 0.92, 0.93])
    interval.holds(interval.value[0] < 0, "an interval that includes zero", STUDENT)


def test_more_seeds_say_more(answer):
    """Ten gains of 0 or 4 points: the mean is known to better than 2 points."""
    _, interval = gain_and_ends(answer, [0.90] * 10, [0.90, 0.94] * 5)
    width = half(interval)
    width.holds(width.value < 0.02, "less than 0.02", ERROR)


@pytest.mark.parametrize(
    ("gains", "expected"),
    [
        # Deviations by hand: 0.25 / sqrt(2), 0.25, 0.1 / sqrt(3).
        pytest.param([0.25, 0.0], 12.706 * 0.125, id="two seeds"),
        pytest.param([0.0, 0.25, 0.5], 4.303 * 0.25 / math.sqrt(3), id="three seeds"),
        pytest.param([0.0, 0.1, 0.0, 0.1], 3.182 * 0.1 / math.sqrt(12), id="four seeds"),
    ],
)
def test_widths_by_hand(answer, gains, expected):
    """Student's quantile times the deviation over the square root of the number of seeds."""
    accuracies_a = [0.5] * len(gains)
    accuracies_b = [0.5 + gain for gain in gains]
    _, interval = gain_and_ends(answer, accuracies_a, accuracies_b)
    half(interval).is_close(expected, tolerance=1e-9, idea=FREE)


def test_the_order_of_the_seeds_does_not_matter(answer):
    """The same seeds in another order give the same numbers."""
    draw = random.Random(62)
    pairs = [(draw.uniform(0.85, 0.9), draw.uniform(0.86, 0.92)) for _ in range(6)]
    gain, interval = gain_and_ends(answer, [a for a, _ in pairs], [b for _, b in pairs])
    draw.shuffle(pairs)
    again, ends = gain_and_ends(answer, [a for a, _ in pairs], [b for _, b in pairs])
    again.is_close(gain.value, tolerance=1e-9, idea="No seed is special, the first least of all.")
    ends.is_close(interval.value, tolerance=1e-9, idea=PAIRED)
