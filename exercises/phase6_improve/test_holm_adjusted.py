"""Public checks of holm_adjusted."""

import random

import pytest

from fmnist.exercises.expect import expect

LIST = "One adjusted p value for each comparison, as a float in a list."
PROBABILITY = "A p value is a probability, and no probability is above 1."
OPEN = (
    "Only comparisons that are still open can mislead. The smallest p value stands against all of "
    "them; once it is called real, the next one stands against one fewer."
)
DULL = (
    "A comparison that showed nothing had its chance to look real, too. Leaving it out makes the "
    "others look rarer than they are."
)
ORDER = "Whoever reads the list must find each comparison in the place where it was given."
NEVER_FALL = (
    "Once a comparison is not called real, none with a larger p value can be. So an adjusted p "
    "value is never below that of a smaller p value."
)


def adjusted(answer, p_values):
    """Return a claim about adjusted p values of the right kind and range."""
    claim = expect(answer, p_values).is_table(len(p_values), of=float, idea=LIST)
    return claim.lies_in(0, 1, idea=PROBABILITY)


@pytest.mark.parametrize(
    ("p_values", "expected"),
    [
        pytest.param([0.03], [0.03], id="one comparison"),
        pytest.param([0.01, 0.03], [0.02, 0.03], id="two comparisons"),
        pytest.param([0.001, 0.01, 0.03], [0.003, 0.02, 0.03], id="three comparisons"),
    ],
)
def test_each_counts_the_comparisons_still_open(answer, p_values, expected):
    """The smallest p value is multiplied by the number of comparisons, the next by one fewer."""
    adjusted(answer, p_values).is_close(expected, tolerance=1e-9, idea=OPEN)


def test_dull_comparisons_count(answer):
    """Besides two dull comparisons, a p value of 0.02 is nothing special."""
    claim = adjusted(answer, [0.02, 0.3, 0.7])
    claim.is_close([0.06, 0.6, 0.7], tolerance=1e-9, idea=DULL)


def test_the_order_is_kept(answer):
    """The adjusted p values come in the order given, not in order of size."""
    claim = adjusted(answer, [0.5, 0.01, 0.04])
    claim.is_close([0.5, 0.03, 0.08], tolerance=1e-9, idea=ORDER)


@pytest.mark.parametrize(
    ("p_values", "expected"),
    [
        pytest.param([0.01, 0.04, 0.03], [0.03, 0.06, 0.06], id="worked by hand"),
        pytest.param([0.02, 0.02, 0.02], [0.06, 0.06, 0.06], id="all the same"),
        pytest.param([0.6, 0.7], [1.0, 1.0], id="at most 1"),
    ],
)
def test_the_numbers_never_fall(answer, p_values, expected):
    """A larger p value never gets a smaller adjusted one."""
    adjusted(answer, p_values).is_close(expected, tolerance=1e-9, idea=NEVER_FALL)


def test_agrees_with_the_definition(answer):
    """For many comparisons, each p value is compared with all that are not larger."""
    draw = random.Random(63)
    p_values = [round(draw.random() ** 4, 2) for _ in range(40)]  # many small ones, and ties
    expected = [
        max(
            min(1.0, one * sum(other >= one for other in p_values))
            for one in p_values
            if one <= mine
        )
        for mine in p_values
    ]
    adjusted(answer, p_values).is_close(expected, tolerance=1e-9, idea=NEVER_FALL)
