"""Comparisons: paired differences, McNemar's test, adjusted p values."""

import itertools
import math
from fractions import Fraction
from statistics import NormalDist

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from scipy import stats

from fmnist.evaluation import comparison, results

THREE = {"split": "validation", "seeds": (0, 1, 2), "runs": ()}
ONE = {"split": "validation", "seeds": (0,), "runs": ()}
RNG = np.random.default_rng(0)


def networks(draw: np.random.Generator, gain: float, deviation: float) -> tuple:
    """Return right and wrong of A and B, three seeds each, B better by `gain` over all seeds."""
    difficulty = draw.standard_normal(1000)

    def one(accuracy: float) -> np.ndarray:
        normal = NormalDist()
        level = deviation / normal.pdf(normal.inv_cdf(accuracy))
        cut = normal.inv_cdf(accuracy) * math.sqrt(1 + level**2)
        luck, network = draw.standard_normal((3, 1000)), draw.standard_normal((3, 1))
        return 0.8 * difficulty + 0.6 * luck + level * network + cut > 0

    return one(0.9), one(0.9 + gain)


# --- paired differences ---


def test_one_seed_gives_the_textbook_interval_of_matched_pairs():
    """B's gains minus A's over n, with the variance of Fleiss, written from four counts."""
    a, b = RNG.random((1, 500)) < 0.8, RNG.random((1, 500)) < 0.85
    gains, losses = int((b & ~a).sum()), int((a & ~b).sum())
    value = (gains - losses) / 500
    half = stats.norm.ppf(0.975) * math.sqrt(gains + losses - (gains - losses) ** 2 / 500) / 500
    result = comparison.paired(a, b, **ONE)
    assert result.value == pytest.approx(value)
    assert result.interval == pytest.approx((value - half, value + half))
    assert result.p == pytest.approx(2 * stats.norm.sf(abs(value) / (half / 1.959964)))


def test_it_is_the_estimate_of_the_differences():
    """With three seeds, interval and p value follow from one variance and Student's t."""
    a, b = networks(RNG, 0.01, 0.003)
    mean = results.estimate(b.astype(int) - a.astype(int))
    result = comparison.paired(a, b, **THREE)
    assert result.interval == mean.interval
    statistic = abs(mean.value) / math.sqrt(mean.variance)
    assert result.p == pytest.approx(2 * stats.t.sf(statistic, mean.degrees))


@given(hnp.arrays(bool, (2, 3, 8)))
def test_swapping_a_and_b_turns_the_sign(pair):
    """The interval is mirrored, and the p value stays; it is below 0.05 outside the interval."""
    forth, back = comparison.paired(*pair, **THREE), comparison.paired(*pair[::-1], **THREE)
    assert forth.value == pytest.approx(-back.value)
    assert forth.interval == pytest.approx((-back.interval[1], -back.interval[0]))
    assert forth.p == pytest.approx(back.p)
    assert -1 <= forth.interval[0] <= forth.interval[1] <= 1
    if forth.interval[0] > 0 or forth.interval[1] < 0:
        assert forth.p < 0.05


def test_networks_that_never_differ_are_not_said_to_be_equal():
    """The interval is that of Bonett and Price for no differing image: 1.96 sqrt(2) / (n + 2)."""
    same = np.ones((1, 100), bool)
    result = comparison.paired(same, same, **ONE)
    half = stats.norm.ppf(0.975) * math.sqrt(2) / 102
    assert (result.value, result.p) == (0, 1)
    assert result.interval == pytest.approx((-half, half))
    assert comparison.paired(~same, same, **ONE).value == 1


def test_pairing_is_sharper_than_two_intervals():
    """Images that are hard for both cancel."""
    a, b = networks(RNG, 0.01, 0.0)
    paired = comparison.paired(a, b, **THREE)
    widths = [np.diff(results.accuracy(each, **THREE).interval).item() for each in (a, b)]
    assert np.diff(paired.interval).item() < 0.9 * math.hypot(*widths)


@pytest.mark.parametrize("deviation", [0.0, 0.003, 0.006])
def test_the_interval_covers_as_often_as_it_says(deviation):
    """In 93 to 99 % of simulated studies, also where seeds vary."""
    draw = np.random.default_rng(1)
    covered = 0
    for _ in range(800):
        low, high = comparison.paired(*networks(draw, 0.01, deviation), **THREE).interval
        covered += low <= 0.01 <= high
    assert 0.93 <= covered / 800 <= 0.99


def test_conditions_are_those_of_an_accuracy():
    """They are kept and printed."""
    result = comparison.paired(
        np.zeros((2, 4), bool), np.eye(2, 4, dtype=bool), split="test", seeds=(3, 5), runs=("a",)
    )
    assert (result.n, result.seeds, result.split, result.runs) == (4, (3, 5), "test", ("a",))
    assert str(result).startswith("+25.0 percentage points (95 % interval ")


@pytest.mark.parametrize(
    ("b", "message"),
    [
        pytest.param(np.ones((1, 3), bool), "A and B need the same seeds and images", id="shape"),
        pytest.param(np.ones((3, 3), int), "received bool of shape .* and int64", id="type"),
    ],
)
def test_pairs_that_do_not_match_are_refused(b, message):
    """Nothing is broadcast."""
    with pytest.raises(ValueError, match=message):
        comparison.paired(np.ones((3, 3), bool), b, **THREE)


def test_unpaired_shares_are_subtracted_and_their_intervals_joined_by_squares():
    """The textbook's score interval for a difference; sides are joined crosswise."""
    # Newcombe (1998), table II, method 10: 56 of 70 against 48 of 80 gives 0.0524 to 0.3339.
    first, second = (
        results.accuracy(np.arange(n)[np.newaxis] < right, split=split, seeds=(0,), runs=("a",))
        for n, right, split in ((70, 56, "test"), (80, 48, "validation"))
    )
    found = comparison.unpaired(first, second)
    assert found.value == pytest.approx(100 * (56 / 70 - 48 / 80))
    assert found.interval == pytest.approx((5.24, 33.39), abs=0.01)
    assert (found.n, found.seeds, found.split) == (70, (0,), "test")
    turned = comparison.unpaired(second, first)
    assert turned.interval == pytest.approx([-end for end in reversed(found.interval)])


def test_pairs_that_are_not_right_and_wrong_are_refused():
    """Probabilities, for instance."""
    with pytest.raises(ValueError, match="expected right and wrong as bool"):
        comparison.paired(np.ones((3, 3)), np.ones((3, 3)), **THREE)


# --- McNemar ---


def discordant(only_a: int, only_b: int, both: int) -> tuple[np.ndarray, np.ndarray]:
    """Return two runs that differ on so many images."""
    a = np.repeat([True, False, True], [only_a, only_b, both])
    return a, np.repeat([False, True, True], [only_a, only_b, both])


@pytest.mark.parametrize(("only_a", "only_b"), list(itertools.product((0, 1, 5, 8), (0, 3, 8))))
def test_mcnemar_agrees_with_coins_counted_one_by_one(only_a, only_b):
    """The share of all 2^k outcomes that are no more balanced, in fractions, and scipy's."""
    result = comparison.mcnemar(*discordant(only_a, only_b, 4))
    tossed = only_a + only_b
    extreme = [
        math.comb(tossed, heads)
        for heads in range(tossed + 1)
        if abs(2 * heads - tossed) >= abs(only_a - only_b)
    ]
    assert result.p == pytest.approx(float(Fraction(sum(extreme), 2**tossed)))
    if tossed:
        assert result.p == pytest.approx(stats.binomtest(only_a, tossed).pvalue)
    assert (result.only_a, result.only_b, result.n) == (only_a, only_b, tossed + 4)


def test_mcnemar_prints_counts_and_what_it_compares():
    """One run each, so that nobody takes it for recipes; a tiny p value is not printed as 0."""
    assert str(comparison.mcnemar(*discordant(308, 261, 9431))) == (
        "308 against 261 images (exact McNemar test, p = 0.054, n = 10,000, one run each)"
    )
    assert "p < 0.001" in str(comparison.mcnemar(*discordant(90, 10, 0)))


@pytest.mark.parametrize(
    ("a", "b", "message"),
    [
        pytest.param(np.ones(2, bool), np.ones(3, bool), "A and B need the same", id="lengths"),
        pytest.param(np.ones((3, 4), bool), np.ones((3, 4), bool), "one run each", id="seeds"),
        pytest.param(np.ones(0, bool), np.ones(0, bool), "one run each", id="empty"),
        pytest.param(np.ones(3), np.ones(3), "received float64", id="float"),
    ],
)
def test_mcnemar_of_other_arrays_is_refused(a, b, message):
    """One run each, right and wrong, the same images."""
    with pytest.raises(ValueError, match=message):
        comparison.mcnemar(a, b)


# --- Holm ---


def holm_by_steps(p_values: list[float], level: float) -> set[int]:
    """Return what is rejected, going from the smallest p value up until one is too large."""
    rejected: set[int] = set()
    for position in sorted(range(len(p_values)), key=p_values.__getitem__):
        if p_values[position] * (len(p_values) - len(rejected)) > level:
            break
        rejected.add(position)
    return rejected


@given(st.lists(st.floats(0, 1), min_size=1, max_size=8), st.floats(0.001, 0.5))
def test_holm_rejects_what_his_steps_reject(p_values, level):
    """At any level, the adjusted p values say what the stepwise procedure says."""
    adjusted = comparison.holm(p_values)
    assert set(np.flatnonzero(adjusted <= level)) == holm_by_steps(p_values, level)
    assert (adjusted >= p_values).all()
    assert (adjusted <= 1).all()


@pytest.mark.parametrize("p_values", [[], [0.5, 1.1], [-0.1], [math.nan]], ids=str)
def test_holm_refuses_what_are_no_p_values(p_values):
    """None, or one outside [0, 1]."""
    with pytest.raises(ValueError, match="holm expects at least one p value"):
        comparison.holm(p_values)
