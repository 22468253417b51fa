"""Results: what they print, and whether their intervals cover what they claim to."""

import dataclasses
import itertools
import math
from statistics import NormalDist

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from scipy import stats

from fmnist.evaluation import results

THREE = {"split": "validation", "seeds": (0, 1, 2)}
ONE = {"split": "validation", "seeds": (0,)}


def right(count: int, n: int, seeds: int = 1) -> np.ndarray:
    """Return the first `count` of n images as right, for every seed."""
    return np.tile(np.arange(n) < count, (seeds, 1))


def simulated(
    draw: np.random.Generator, *, accuracy: float, seed_deviation: float, seeds: int, n: int
) -> np.ndarray:
    """Return right and wrong for networks whose mean accuracy over all seeds is known.

    Each image has its difficulty, shared by all networks, and each network its level; the deviation
    of the accuracy over seeds is about the one given.
    """
    normal = NormalDist()
    level = seed_deviation / normal.pdf(normal.inv_cdf(accuracy))
    cut = normal.inv_cdf(accuracy) * math.sqrt(1 + level**2)
    difficulty = draw.standard_normal(n)
    luck = draw.standard_normal((seeds, n))
    network = draw.standard_normal((seeds, 1))
    return math.sqrt(0.7) * difficulty + math.sqrt(0.3) * luck + level * network + cut > 0


# --- the estimate ---


@pytest.mark.parametrize("effect", [0, 0.5, 3])
def test_variance_is_that_of_components_summed_one_by_one(effect):
    """Seeds, images and rest from double loops over the definition of the mean squares."""
    draw = np.random.default_rng(0)
    values = effect * (draw.normal(size=(3, 1)) + draw.normal(size=7)) + draw.normal(size=(3, 7))
    seeds, images = values.shape
    mean = sum(values.ravel()) / values.size
    row = [sum(values[s]) / images for s in range(seeds)]
    column = [sum(values[:, i]) / seeds for i in range(images)]
    of_seeds = images * sum((each - mean) ** 2 for each in row) / 2
    of_images = seeds * sum((each - mean) ** 2 for each in column) / 6
    of_rest = 0.0
    for s, i in itertools.product(range(seeds), range(images)):
        of_rest += (values[s, i] - row[s] - column[i] + mean) ** 2 / 12
    components = (
        max(0, (of_seeds - of_rest) / images),
        max(0, (of_images - of_rest) / seeds),
        of_rest,
    )
    expected = components[0] / seeds + components[1] / images + components[2] / seeds / images
    estimate = results.estimate(values)
    assert estimate.value == pytest.approx(mean)
    assert estimate.variance == pytest.approx(expected * 6 / 7)


def test_variance_is_unbiased():
    """Over many draws from a two-way model its mean is the variance of the mean."""
    draw = np.random.default_rng(1)
    means, variances = [], []
    for _ in range(4000):
        values = 3 * draw.normal(size=(4, 1)) + 2 * draw.normal(size=25) + draw.normal(size=(4, 25))
        estimate = results.estimate(values)
        means.append(estimate.value)
        variances.append(estimate.variance * 25 / 24)
    truth = 9 / 4 + 4 / 25 + 1 / 100
    assert np.var(means) == pytest.approx(truth, rel=0.1)
    assert np.mean(variances) == pytest.approx(truth, rel=0.1)


@given(hnp.arrays(bool, hnp.array_shapes(min_dims=2, max_dims=2, min_side=2, max_side=6)))
def test_variance_is_never_below_what_is_left(values):
    """A negative component counts as 0, so the variance is 0 only where nothing varies."""
    estimate = results.estimate(values)
    assert estimate.variance >= 0
    assert (estimate.variance == 0) == (values.min() == values.max())


def test_seeds_that_differ_give_few_degrees_of_freedom():
    """Where seeds decide, three of them give about 2, and where they do not, very many."""
    draw = np.random.default_rng(2)
    images = draw.normal(size=(3, 1000))
    apart = images + np.array([[-1], [0], [1]])
    assert results.estimate(apart).degrees == pytest.approx(2, abs=0.1)
    assert results.estimate(apart).quantile == pytest.approx(stats.t.ppf(0.975, 2), rel=0.05)
    together = np.tile(images[:1], (3, 1))
    assert results.estimate(together).degrees == pytest.approx(999, rel=0.01)


@pytest.mark.parametrize(
    ("values", "message"),
    [
        pytest.param(np.zeros(3), r"expects values of shape \(seeds, images\)", id="one axis"),
        pytest.param(np.zeros((0, 3)), r"received \(0, 3\)", id="empty"),
        pytest.param(np.array([[1, np.nan]]), "expects finite values", id="not a number"),
        pytest.param(np.zeros((2, 1)), "needs at least 2 images", id="one image"),
    ],
)
def test_values_that_cannot_be_estimated_from_are_refused(values, message):
    """The message says what was expected."""
    with pytest.raises(ValueError, match=message):
        results.estimate(values)


# --- accuracy ---


@pytest.mark.parametrize(("count", "n"), [(0, 10), (1, 1), (9, 10), (905, 1000), (1000, 1000)])
def test_the_interval_of_one_seed_is_wilsons(count, n):
    """It agrees with scipy's."""
    result = results.accuracy(right(count, n), **ONE, runs=("a",))
    expected = stats.binomtest(count, n).proportion_ci(0.95, method="wilson")
    assert result.interval == pytest.approx((expected.low, expected.high), abs=1e-12)


def test_seeds_that_agree_on_every_image_add_nothing():
    """Three copies of one network have the interval of one, but for Student's quantile."""
    one = results.accuracy(right(905, 1000), **ONE, runs=("a",))
    three = results.accuracy(right(905, 1000, seeds=3), **THREE, runs=("a", "b", "c"))
    assert three.interval == pytest.approx(one.interval, abs=1e-4)


@pytest.mark.parametrize("value", [0, 1])
def test_all_right_or_all_wrong_has_the_interval_of_one_seed(value):
    """Where nothing varies, the images count once and not three times."""
    correct = np.full((3, 50), bool(value))
    one = results.accuracy(correct[:1], **ONE, runs=())
    three = results.accuracy(correct, **THREE, runs=())
    assert three.interval == one.interval
    assert three.interval[0] < three.interval[1]


@given(hnp.arrays(bool, hnp.array_shapes(min_dims=2, max_dims=2, min_side=2, max_side=6)))
def test_the_interval_holds_the_value_and_stays_in_range(correct):
    """Whatever the seeds and images."""
    seeds = tuple(range(len(correct)))
    result = results.accuracy(correct, split="train", seeds=seeds, runs=())
    low, high = result.interval
    assert 0 <= low <= result.value + 1e-12
    assert result.value - 1e-12 <= high <= 1


@given(hnp.arrays(bool, (3, 8)), st.permutations(range(3)), st.permutations(range(8)))
def test_order_of_seeds_and_images_does_not_matter(correct, rows, columns):
    """Both are samples."""
    one = results.accuracy(correct, **THREE, runs=())
    other = results.accuracy(correct[rows][:, columns], **THREE, runs=())
    assert one.interval == pytest.approx(other.interval)


@pytest.mark.parametrize(
    ("accuracy", "seed_deviation", "seeds"),
    [
        pytest.param(0.9, 0.0, 1, id="90 %, one seed"),
        pytest.param(0.99, 0.0, 1, id="99 %, one seed"),
        pytest.param(0.9, 0.0, 3, id="90 %, equal seeds"),
        pytest.param(0.9, 0.005, 3, id="90 %, seeds as ours"),
        pytest.param(0.9, 0.01, 3, id="90 %, seeds as images"),
        pytest.param(0.99, 0.0, 3, id="99 %, equal seeds"),
        pytest.param(0.99, 0.002, 3, id="99 %, seeds differ"),
    ],
)
def test_the_interval_covers_as_often_as_it_says(accuracy, seed_deviation, seeds):
    """In 93 to 98 % of simulated studies with 1,000 images, where 95 % are claimed."""
    draw = np.random.default_rng(3)
    covered = 0
    for _ in range(800):
        correct = simulated(
            draw, accuracy=accuracy, seed_deviation=seed_deviation, seeds=seeds, n=1000
        )
        low, high = results.accuracy(
            correct, split="validation", seeds=tuple(range(seeds)), runs=()
        ).interval
        covered += low <= accuracy <= high
    assert 0.93 <= covered / 800 <= 0.98


def test_an_interval_that_ignores_seeds_covers_too_seldom():
    """Where seeds vary, Wilson's for one of them misses the mean over seeds, and ours does not."""
    draw = np.random.default_rng(4)
    ignoring = covering = 0
    for _ in range(400):
        correct = simulated(draw, accuracy=0.9, seed_deviation=0.02, seeds=3, n=1000)
        ours = results.accuracy(correct, **THREE, runs=()).interval
        wilson = results.accuracy(correct[:1], **ONE, runs=()).interval
        covering += ours[0] <= 0.9 <= ours[1]
        ignoring += wilson[0] <= 0.9 <= wilson[1]
    assert ignoring / 400 < 0.7
    assert covering / 400 > 0.91


def test_an_accuracy_prints_all_that_it_needs():
    """Value, interval, n, seeds and split stand in one line."""
    result = results.Accuracy(
        value=0.924, interval=(0.9193, 0.9288), n=10_000, runs=("a", "b", "c"), **THREE
    )
    text = "92.4 % (95 % interval 91.9 to 92.9, n = 10,000, 3 seeds, validation)"
    assert str(result) == text
    assert ", 1 seed, validation)" in str(dataclasses.replace(result, seeds=(0,)))
    assert "n = 10,000, validation)" in str(dataclasses.replace(result, seeds=()))


def test_a_result_says_what_its_interval_covers():
    """Other seeds only if there are several."""
    several = results.accuracy(right(9, 10, seeds=3), **THREE, runs=())
    one = results.accuracy(right(9, 10), **ONE, runs=())
    rule = results.accuracy(right(9, 10), split="validation", seeds=(), runs=())
    assert several.covers == "other seeds and images"
    assert one.covers == rule.covers == "other images"


@pytest.mark.parametrize(
    ("correct", "change", "message"),
    [
        pytest.param(np.ones((1, 3), int), {}, "expected right and wrong as bool", id="int"),
        pytest.param(np.ones(3, bool), {}, r"received bool of shape \(3,\)", id="one axis"),
        pytest.param(np.ones((1, 0), bool), {}, r"received bool of shape \(1, 0\)", id="empty"),
        pytest.param(np.ones((2, 3), bool), {}, "expected 2 different seeds", id="one seed"),
        pytest.param(
            np.ones((2, 3), bool), {"seeds": (1, 1)}, "expected 2 different seeds", id="one twice"
        ),
        pytest.param(
            np.ones((2, 3), bool), {"seeds": ()}, r"for each row, received \(\)", id="no seeds"
        ),
        pytest.param(
            np.ones((1, 3), bool), {"split": "val"}, "expected a split among train", id="split"
        ),
    ],
)
def test_what_is_no_accuracy_is_refused(correct, change, message):
    """Nothing is cast or broadcast, and conditions must fit."""
    with pytest.raises(ValueError, match=message):
        results.accuracy(correct, **(ONE | change), runs=())


# --- recall ---


def test_recall_is_the_accuracy_on_one_class():
    """Counted by hand: 2 of 3 images of class 7, by both networks together 4 of 6."""
    labels = np.array([7, 1, 7, 7, 1])
    correct = np.array([[1, 0, 1, 0, 1], [0, 1, 1, 1, 1]], dtype=bool)
    result = results.of_class(correct, labels, 7, split="test", seeds=(0, 1), runs=("a", "b"))
    assert result.value == pytest.approx(4 / 6)
    assert (result.n, result.split, result.runs) == (3, "test", ("a", "b"))


def test_recall_of_nothing_is_refused():
    """A class without images has none, and labels must fit."""
    with pytest.raises(ValueError, match="no image has class 3"):
        results.of_class(right(1, 2), np.array([0, 1]), 3, **ONE, runs=())
    with pytest.raises(ValueError, match="of_class expects a label for each of 2 images"):
        results.of_class(right(1, 2), np.array([0, 1, 1]), 1, **ONE, runs=())


# --- scores and counts ---


def test_the_score_of_one_seed_has_the_textbook_interval():
    """Mean and 1.96 standard errors, with n in the denominator."""
    values = np.random.default_rng(5).normal(2, 3, (1, 400))
    result = results.score(values, unit="nats per image", decimals=3, **ONE)
    half = stats.norm.ppf(0.975) * values.std() / 20
    assert result.value == pytest.approx(values.mean())
    assert result.interval == pytest.approx((values.mean() - half, values.mean() + half))
    assert result.n == 400


def test_a_score_prints_its_unit_and_a_minus_sign():
    """In words, with as many decimals as asked for; without a unit there is no gap."""
    result = results.Score(
        value=0.2851, interval=(-0.0004, 0.3), n=1000, unit="nats per image", decimals=2, **THREE
    )
    assert str(result) == (
        "0.29 nats per image (95 % interval 0.00 to 0.30, n = 1,000, 3 seeds, validation)"
    )
    plain = dataclasses.replace(result, value=-1.5, unit="", decimals=1)
    assert str(plain).startswith("\N{MINUS SIGN}1.5 (95 % interval 0.0 to 0.3")


def test_a_score_needs_conditions_that_fit():
    """As an accuracy does."""
    with pytest.raises(ValueError, match="expected 1 different seeds"):
        results.score(np.ones((1, 3)), unit="", decimals=1, **THREE)


def test_a_difference_prints_signs():
    """Plus and minus, also in the interval, and no minus before 0."""
    result = results.Difference(
        value=0.006, interval=(-0.0021, 0.01), n=10_000, p=0.2, runs=(), **THREE
    )
    assert str(result) == (
        "+0.6 percentage points (95 % interval \N{MINUS SIGN}0.2 to +1.0, n = 10,000, 3 seeds, "
        "validation)"
    )
    assert str(dataclasses.replace(result, value=-0.0001)).startswith("+0.0 percentage points")


def test_a_count_prints_its_whole():
    """With separators, and alone where there is no whole."""
    assert str(results.Count(545, 10_000, "near-duplicates")) == "545 of 10,000"
    assert str(results.Count(121_930, None, "parameters")) == "121,930"


@pytest.mark.parametrize(
    ("count", "message"),
    [
        ((-1, None, "images"), "between 0 and its whole, not -1 of None"),
        ((3, 2, "images"), "between 0 and its whole, not 3 of 2"),
        ((1, 2, " "), "needs words for what was counted"),
    ],
    ids=["negative", "more than the whole", "nothing"],
)
def test_what_is_no_count_is_refused(count, message):
    """More than the whole, less than nothing, or of nothing."""
    with pytest.raises(ValueError, match=message):
        results.Count(*count)
