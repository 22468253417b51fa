"""Calibration: against slow plain Python, scikit-learn, and data whose answer is known."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from scipy import optimize
from sklearn import metrics

from fmnist.evaluation import calibration, results

RNG = np.random.default_rng(0)
LABELS = RNG.integers(0, 10, 400)
LOGITS = (RNG.normal(size=(400, 10)) + 3 * np.eye(10)[LABELS]).astype(np.float32)
PROBABILITIES = calibration.softmax(LOGITS)


def calibrated(n: int, sharpness: float = 2.0, seed: int = 1) -> tuple[np.ndarray, np.ndarray]:
    """Return logits, and labels drawn from exactly their probabilities."""
    draw = np.random.default_rng(seed)
    logits = sharpness * draw.normal(size=(n, 10))
    # The largest of logits plus Gumbel noise is a draw from their softmax.
    return logits, (logits + draw.gumbel(size=logits.shape)).argmax(axis=1)


# --- softmax ---


@given(hnp.arrays(np.float32, (3, 4), elements=st.floats(-30, 30, width=32)))
def test_softmax_is_what_plain_python_gives(logits):
    """Exponentials over their sum, row by row."""
    for row, probabilities in zip(logits.tolist(), calibration.softmax(logits), strict=True):
        powers = [math.exp(number) for number in row]
        assert probabilities == pytest.approx([power / sum(powers) for power in powers])


def test_softmax_stays_finite():
    """Also for logits whose exponential overflows; several networks at once."""
    probabilities = calibration.softmax(np.array([[[1000.0, 0.0]], [[-1000.0, -1001.0]]]))
    assert probabilities[0].tolist() == [[1, 0]]
    assert probabilities.sum(axis=-1) == pytest.approx(1)


# --- bins ---


def bins_by_hand(probabilities, labels, bins) -> list[list[tuple[float, bool]]]:
    """Return confidence and right or wrong of each image, in a list per bin."""
    filled: list[list[tuple[float, bool]]] = [[] for _ in range(bins)]
    for row, label in zip(probabilities.tolist(), labels.tolist(), strict=True):
        confidence = max(row)
        place = next(b for b in range(bins) if confidence <= (b + 1) / bins or b == bins - 1)
        filled[place].append((confidence, row.index(confidence) == label))
    return filled


@pytest.mark.parametrize("bins", [1, 7, 15])
def test_reliability_is_counted_one_image_at_a_time(bins):
    """Counts, mean confidence and accuracy of each bin, nan where there is no image."""
    reliability = calibration.reliability(PROBABILITIES, LABELS, bins)
    for place, images in enumerate(bins_by_hand(PROBABILITIES, LABELS, bins)):
        assert reliability.counts[place] == len(images)
        if images:
            confidence = sum(image[0] for image in images) / len(images)
            accuracy = sum(image[1] for image in images) / len(images)
            assert reliability.confidence[place] == pytest.approx(confidence)
            assert reliability.accuracy[place] == pytest.approx(accuracy)
        else:
            assert math.isnan(reliability.confidence[place])
            assert math.isnan(reliability.accuracy[place])


def test_edges_belong_to_the_lower_bin():
    """A confidence of 0.5 is in the first of two bins, 1 in the last."""
    probabilities = np.array([[0.5, 0.5], [1.0, 0.0]])
    assert calibration.reliability(probabilities, np.array([0, 0]), 2).counts.tolist() == [1, 1]


@pytest.mark.parametrize("bins", [1, 7, 15])
def test_the_expected_calibration_error_is_its_definition(bins):
    """Distances between confidence and accuracy, weighted by the images of each bin."""
    expected = sum(
        len(images) / len(LABELS) * abs(sum(c - right for c, right in images) / len(images))
        for images in bins_by_hand(PROBABILITIES, LABELS, bins)
        if images
    )
    gaps = calibration.calibration_gaps(PROBABILITIES, LABELS, bins)
    assert gaps.mean() == pytest.approx(expected)
    result = calibration.expected_calibration_error(
        PROBABILITIES[np.newaxis], LABELS, split="validation", seeds=(0,), bins=bins
    )
    assert result.value == pytest.approx(expected)


def test_calibrated_networks_have_an_error_near_0():
    """As large as what is drawn for calibrated ones, and its interval reaches down to 0."""
    logits, labels = calibrated(20_000)
    probabilities = calibration.softmax(logits)[np.newaxis]
    chance = calibration.error_of_the_calibrated(probabilities)
    result = calibration.expected_calibration_error(
        probabilities, labels, split="validation", seeds=(0,)
    )
    assert result.value < 0.015
    assert result.value == pytest.approx(chance, rel=0.5)
    assert result.interval[0] == 0


def test_too_sure_networks_are_found_out():
    """Logits times 3: the error's interval leaves out 0, and confidence exceeds accuracy."""
    logits, labels = calibrated(5_000)
    probabilities = calibration.softmax(3 * logits)
    result = calibration.expected_calibration_error(
        probabilities[np.newaxis], labels, split="validation", seeds=(0,)
    )
    assert result.interval[0] > 0.05
    excess = calibration.overconfidence(probabilities, labels)
    assert excess.mean() > 0.1
    hits = metrics.accuracy_score(labels, probabilities.argmax(axis=1))
    assert excess.mean() == pytest.approx(probabilities.max(axis=1).mean() - hits)


def test_the_interval_of_the_error_covers():
    """From calibrated to too sure, in 90 % of the cases at least, where the plain one fails."""
    covered = plain = 0
    for sharpening in (1.0, 1.1, 1.5):
        logits, labels = calibrated(200_000, seed=2)
        truth = calibration.calibration_gaps(
            calibration.softmax(sharpening * logits), labels
        ).mean()
        for seed in range(3, 28):
            logits, labels = calibrated(1000, seed=seed)
            probabilities = calibration.softmax(sharpening * logits)
            low, high = calibration.expected_calibration_error(
                probabilities[np.newaxis], labels, split="validation", seeds=(0,)
            ).interval
            covered += low <= truth <= high
            gaps = calibration.calibration_gaps(probabilities, labels)
            low, high = results.estimate(gaps[np.newaxis]).interval
            plain += low <= truth <= high
    assert covered / 75 >= 0.9
    assert plain / 75 < 0.8


def test_draws_of_calibrated_outcomes_are_seeded():
    """The same seed, the same number."""
    three = np.stack([PROBABILITIES] * 3)
    one, other, third = (
        calibration.error_of_the_calibrated(three, draws=5, seed=seed) for seed in (0, 0, 1)
    )
    assert one == other != third


# --- losses ---


def test_log_losses_are_scikit_learns():
    """Their mean is the cross-entropy."""
    log_loss = metrics.log_loss(LABELS, PROBABILITIES, labels=range(10))
    assert calibration.log_losses(LOGITS, LABELS).mean() == pytest.approx(log_loss)


def test_log_losses_at_their_ends():
    """A sure right answer costs nothing, and the loss of a sure wrong one stays finite."""
    logits, labels = np.array([[1000.0, 0.0], [1000.0, 0.0]]), np.array([0, 1])
    assert calibration.log_losses(logits, labels).tolist() == [0, 1000]


# --- temperature ---


def test_temperature_is_where_the_loss_is_lowest():
    """A minimiser that knows nothing of slopes finds the same."""
    found = optimize.minimize_scalar(
        lambda t: calibration.log_losses(LOGITS / t, LABELS).mean(), bounds=(0.1, 10)
    )
    assert calibration.temperature(LOGITS, LABELS) == pytest.approx(found.x, rel=1e-4)


@pytest.mark.parametrize("factor", [0.1, 2, 30])
def test_temperature_grows_with_the_logits(factor):
    """Logits times k need a temperature k times as high."""
    one = calibration.temperature(LOGITS.astype(float), LABELS)
    assert calibration.temperature(factor * LOGITS.astype(float), LABELS) == pytest.approx(
        factor * one
    )


def test_temperature_of_calibrated_logits_is_1():
    """And a temperature changes no prediction."""
    logits, labels = calibrated(20_000)
    assert calibration.temperature(logits, labels) == pytest.approx(1, abs=0.03)


@pytest.mark.parametrize(
    "logits",
    [
        pytest.param(10 * np.eye(10)[LABELS], id="always right"),
        pytest.param(-10 * np.eye(10)[LABELS], id="always wrong"),
        pytest.param(np.zeros((400, 10)), id="no opinion"),
    ],
)
def test_no_temperature_fits_what_cannot_be_improved(logits):
    """Neither sure enough nor unsure enough."""
    with pytest.raises(ValueError, match=r"no temperature between 0\.001 and 1000 fits best"):
        calibration.temperature(logits, LABELS)


# --- abstention ---


def test_risk_at_each_coverage_is_counted():
    """For every threshold, by going through all images."""
    curve = calibration.risk_coverage(PROBABILITIES, LABELS)
    confidence, predicted = PROBABILITIES.max(axis=1), PROBABILITIES.argmax(axis=1)
    for threshold, coverage, risk in zip(curve.threshold, curve.coverage, curve.risk, strict=True):
        answered = [i for i in range(400) if confidence[i] >= threshold]
        assert coverage == pytest.approx(len(answered) / 400)
        wrong = sum(predicted[i] != LABELS[i] for i in answered)
        assert risk == pytest.approx(wrong / len(answered))
    assert (np.diff(curve.threshold) < 0).all()
    assert curve.coverage[-1] == 1


def test_images_of_equal_confidence_are_answered_together():
    """Three images, two of them alike: two thresholds."""
    probabilities = np.array([[0.6, 0.4], [0.9, 0.1], [0.4, 0.6]])
    curve = calibration.risk_coverage(probabilities, np.array([0, 0, 0]))
    assert curve.coverage.tolist() == pytest.approx([1 / 3, 1])
    assert curve.risk.tolist() == pytest.approx([0, 1 / 3])


# --- refusals ---


@pytest.mark.parametrize(
    ("probabilities", "labels", "message"),
    [
        pytest.param(LOGITS, LABELS, "add up to 1 per image; are these logits", id="logits"),
        pytest.param(
            np.array([[1.5, -0.5]]), np.array([0]), "are these logits", id="negative numbers"
        ),
        pytest.param(PROBABILITIES, LABELS[:5], r"received \(400, 10\) and \(5,\)", id="lengths"),
        pytest.param(PROBABILITIES[:0], LABELS[:0], "n at least 1", id="empty"),
        pytest.param(PROBABILITIES[:1], np.array([10]), r"labels in \[0, 10\)", id="label"),
    ],
)
def test_what_does_not_fit_is_refused(probabilities, labels, message):
    """Logits in place of probabilities above all."""
    for function in (
        calibration.reliability,
        calibration.calibration_gaps,
        calibration.overconfidence,
        calibration.risk_coverage,
    ):
        with pytest.raises(ValueError, match=message):
            function(probabilities, labels)


def test_no_bin_is_refused():
    """At least one."""
    with pytest.raises(ValueError, match="expected at least 1 bin, received 0"):
        calibration.reliability(PROBABILITIES, LABELS, 0)
