"""Sentences with numbers: at 0, at 1, below 0 and at a tie."""

import pytest

from fmnist.tools import wording


@pytest.mark.parametrize(
    ("value", "decimals", "text"),
    [(0.0, 1, "0.0"), (-0.04, 1, "0.0"), (-0.06, 1, "\N{MINUS SIGN}0.1"), (1.0, 0, "1"),
     (-0.0, 0, "0"), (12_345.6, 0, "12,346")],
)  # fmt: skip
def test_a_number_has_a_real_minus_sign_and_no_minus_zero(value, decimals, text):
    """As it is printed, not as it is computed."""
    assert wording.number(value, decimals) == text


@pytest.mark.parametrize(
    ("count", "text"),
    [(0, "no days"), (1, "1 day"), (2, "2 days"), (1_000, "1,000 days")],
)
def test_a_noun_has_the_number_of_its_count(count, text):
    """One day, and no other number of them."""
    assert wording.counted(count, "day") == text
    assert wording.counted(count, "class", "classes").endswith("class" if count == 1 else "classes")


@pytest.mark.parametrize(
    ("names", "text"),
    [([], "none"), (["a"], "a"), (["a", "b"], "a and b"), (["a", "b", "c"], "a, b and c")],
)
def test_a_list_reads_as_one(names, text):
    """With none, one, two and more."""
    assert wording.listed(names) == text


@pytest.mark.parametrize(
    ("spread", "text"),
    [(0.0, "are the same to 0.1 percentage points"), (0.049, "are the same to 0.1 percentage"),
     (0.051, "lie within 0.1 percentage points of each other"), (1.0, "lie within 1.0 percentage"),
     (0.3, "lie within 0.3"), (0.42, "lie within 0.5"), (1.01, "lie within 1.1")],
)  # fmt: skip
def test_what_lies_together_is_not_said_to_lie_within_nothing(spread, text):
    """A spread that is printed as 0 is a tie."""
    assert wording.apart(spread).startswith(text)


@pytest.mark.parametrize(
    ("difference", "text"),
    [(0.0, "is the same to 0.1 percentage points"), (-0.0, "is the same to 0.1 percentage points"),
     (0.04, "is the same to 0.1 percentage points"),
     (0.4, "is 0.4 percentage points higher"), (-0.4, "is 0.4 percentage points lower")],
)  # fmt: skip
def test_a_difference_says_its_sign_in_words(difference, text):
    """Higher, lower, or the same to what is printed."""
    assert wording.compared(difference) == text


@pytest.mark.parametrize(
    ("p", "text"), [(0.0, "< 0.001"), (0.000999, "< 0.001"), (0.001, "0.001"), (1.0, "1.000")]
)
def test_a_p_value_is_never_0(p, text):
    """Nor is it printed as 0."""
    assert wording.p_value(p) == text
