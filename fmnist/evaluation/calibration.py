"""Do stated probabilities come true? Reliability, losses, temperature, and when to abstain.

Logits are float, shape (n, classes), any real numbers; probabilities are float64, shape
(n, classes), in [0, 1], rows adding up to 1; labels are int, shape (n,), in [0, classes). The
confidence of an image is its largest probability. Functions that give one number per image take
one network; put the rows of several seeds together for `results.score`.
"""

from dataclasses import dataclass, replace

import numpy as np
from scipy import optimize, special

from fmnist.evaluation import results

BINS = 15
COLDEST, HOTTEST = 1e-3, 1e3  # temperatures between which one is looked for


def softmax(logits: np.ndarray) -> np.ndarray:
    """Return probabilities.

    Args:
        logits: float, shape (..., classes), any finite numbers, however large.

    Returns:
        float64, same shape, in [0, 1], adding up to 1 along the last axis.
    """
    return special.softmax(logits.astype(np.float64), axis=-1)


@dataclass(frozen=True)
class Reliability:
    """Images in bins of equal width by confidence; the first bin begins at 0, the last ends at 1.

    Attributes:
        counts: int64, shape (bins,): images.
        confidence: float64, shape (bins,): their mean confidence; nan in an empty bin.
        accuracy: float64, shape (bins,): the share of them labelled correctly; nan in an empty bin.
    """

    counts: np.ndarray
    confidence: np.ndarray
    accuracy: np.ndarray


def reliability(probabilities: np.ndarray, labels: np.ndarray, bins: int = BINS) -> Reliability:
    """Return confidence and accuracy bin by bin, as a reliability diagram draws them.

    Args:
        probabilities: float, shape (n, classes).
        labels: int, shape (n,).
        bins: at least 1. A confidence on an edge belongs to the lower bin.

    Raises:
        ValueError: shapes or ranges are not those of the module, or there is no bin.

    Source: Guo, Pleiss, Sun and Weinberger (2017), Proceedings of Machine Learning Research 70,
    1321-1330.
    """
    confidence, correct = _confidence(probabilities, labels)
    place = _bins(confidence, bins)
    counts = np.bincount(place, minlength=bins)
    with np.errstate(invalid="ignore"):  # 0 / 0 in an empty bin is the nan that is promised
        return Reliability(
            counts,
            np.bincount(place, confidence, minlength=bins) / counts,
            np.bincount(place, correct, minlength=bins) / counts,
        )


def calibration_gaps(probabilities: np.ndarray, labels: np.ndarray, bins: int = BINS) -> np.ndarray:
    """Return what each image adds to the expected calibration error, which is their mean.

    An image adds confidence minus 1 or 0 for right or wrong, with the sign of the gap of its bin.

    Args:
        probabilities: float, shape (n, classes).
        labels: int, shape (n,).
        bins: at least 1.

    Returns:
        float64, shape (n,), in [-1, 1].

    Raises:
        ValueError: as in `reliability`.

    Source: Naeini, Cooper and Hauskrecht (2015), Proceedings of the AAAI Conference 29(1),
    2901-2907; Guo et al. (2017) for classes and equal width.
    """
    confidence, correct = _confidence(probabilities, labels)
    return _gaps(confidence, correct, _bins(confidence, bins), bins)


def overconfidence(probabilities: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """Return confidence minus 1 or 0 for right or wrong, image by image.

    The mean is above 0 for a network that promises more than it keeps. It is measured without
    bias, other than the expected calibration error.

    Args:
        probabilities: float, shape (n, classes).
        labels: int, shape (n,).

    Returns:
        float64, shape (n,), in [-1, 1].

    Raises:
        ValueError: as in `reliability`.
    """
    confidence, correct = _confidence(probabilities, labels)
    return confidence - correct


def error_of_the_calibrated(
    probabilities: np.ndarray, *, bins: int = BINS, draws: int = 200, seed: int = 0
) -> float:
    """Return the expected calibration error of networks whose probabilities are all true.

    It is not 0: in a bin of few images, accuracy strays from confidence by chance, and the error
    counts distances. Outcomes are drawn from the probabilities themselves, again and again; a
    measured error of this size is no sign of bad calibration.

    Args:
        probabilities: float, shape (S, n, classes), of S networks on the same images.
        bins: at least 1.
        draws: of outcomes for all images.
        seed: of the draws.

    Returns:
        The mean over draws and networks, in [0, 1].

    Raises:
        ValueError: probabilities or bins as in `reliability`.

    Source: Bröcker and Smith (2007), Weather and Forecasting 22(3), 651-661.
    """
    confidences = probabilities.max(axis=-1)
    places = [_bins(confidence, bins) for confidence in confidences]
    draw = np.random.default_rng(seed)
    errors = []
    for _ in range(draws):
        # One number per image for all networks: they are right and wrong together.
        chance = draw.random(confidences.shape[1])
        errors += [
            _gaps(confidence, chance < confidence, place, bins).mean()
            for confidence, place in zip(confidences, places, strict=True)
        ]
    return float(np.mean(errors))


def expected_calibration_error(
    probabilities: np.ndarray,
    labels: np.ndarray,
    *,
    split: str,
    seeds: tuple[int, ...],
    bins: int = BINS,
) -> results.Score:
    """Return the mean distance between confidence and accuracy, over bins, with its interval.

    The interval is that of `results.estimate` on `calibration_gaps`, which holds the signs of the
    bins' gaps fixed, and its lower end is moved down by `error_of_the_calibrated` (not below 0).
    Distances do not average out, so the measured error is larger than the true one; by how much
    depends on the true one, and no more than that for a calibrated network. A bootstrap would add
    the same bias once more: near a calibrated network its percentiles hardly ever cover.

    Args:
        probabilities: float, shape (S, n, classes), of S networks on the same images.
        labels: int, shape (n,).
        split: that the images belong to.
        seeds: one for each network.
        bins: at least 1.

    Raises:
        ValueError: as in `reliability`, or as in `results.accuracy` for seeds and split.
    """
    gaps = np.stack([calibration_gaps(each, labels, bins) for each in probabilities])
    measured = results.score(gaps, unit="", decimals=3, split=split, seeds=seeds)
    low, high = measured.interval
    bias = error_of_the_calibrated(probabilities, bins=bins)
    return replace(measured, interval=(max(0.0, low - bias), high))


def log_losses(logits: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """Return the negative log likelihood of each true class, in nats per image.

    Computed from logits, since the probability of a sure mistake is rounded to 0.

    Args:
        logits: float, shape (n, classes).
        labels: int, shape (n,).

    Returns:
        float64, shape (n,), at least 0; its mean is the cross-entropy that training lowers.

    Raises:
        ValueError: shapes or labels are not those of the module.
    """
    _check_labels(logits, labels)
    return -special.log_softmax(logits.astype(np.float64), axis=1)[np.arange(len(labels)), labels]


def temperature(logits: np.ndarray, labels: np.ndarray) -> float:
    """Return the number by which to divide logits so that their probabilities fit best.

    It minimises the mean of `log_losses`, which is convex in 1 / temperature, so that the minimum
    is where the slope is 0. Fit it on validation images: it is a parameter like any other.

    Args:
        logits: float, shape (n, classes).
        labels: int, shape (n,).

    Returns:
        The temperature: above 1 for a network that is too sure, in [0.001, 1000].

    Raises:
        ValueError: no temperature in this range fits best, since all images are labelled correctly
            or the logits say nothing about the classes; or as in `log_losses`.

    Source: Guo et al. (2017), section 4.2.
    """
    _check_labels(logits, labels)
    logits = logits.astype(np.float64)

    def slope(log_temperature: float) -> float:
        """Return the slope of the mean loss over 1 / temperature."""
        probabilities = special.softmax(logits / np.exp(log_temperature), axis=1)
        expected = (probabilities * logits).sum(axis=1)
        return float((expected - logits[np.arange(len(labels)), labels]).mean())

    ends = np.log(COLDEST), np.log(HOTTEST)
    if not slope(ends[0]) > 0 > slope(ends[1]):
        raise ValueError(
            f"no temperature between {COLDEST:g} and {HOTTEST:g} fits best: expected logits that "
            "are better than chance and wrong on some image"
        )
    return float(np.exp(optimize.brentq(slope, *ends, xtol=1e-10)))


@dataclass(frozen=True)
class RiskCoverage:
    """What remains wrong if the least sure images are sent to a human.

    Attributes:
        threshold: float64, shape (k,), falling: images with at least this confidence are answered.
        coverage: float64, shape (k,), rising to 1: their share of all images.
        risk: float64, shape (k,): the share of them that is labelled wrongly.
    """

    threshold: np.ndarray
    coverage: np.ndarray
    risk: np.ndarray


def risk_coverage(probabilities: np.ndarray, labels: np.ndarray) -> RiskCoverage:
    """Return the risk at every coverage that a threshold on the confidence can give.

    Images of equal confidence are answered together or not at all.

    Args:
        probabilities: float, shape (n, classes).
        labels: int, shape (n,).

    Raises:
        ValueError: as in `reliability`.

    Source: El-Yaniv and Wiener (2010), Journal of Machine Learning Research 11, 1605-1641;
    Geifman and El-Yaniv (2017), Advances in Neural Information Processing Systems 30.
    """
    confidence, correct = _confidence(probabilities, labels)
    order = np.argsort(-confidence, kind="stable")
    falling = confidence[order]
    last = np.append(np.flatnonzero(np.diff(falling)), len(falling) - 1)
    answered = last + 1
    wrong = np.cumsum(~correct[order])[last]
    return RiskCoverage(falling[last], answered / len(falling), wrong / answered)


def _confidence(probabilities: np.ndarray, labels: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the largest probabilities, and whether their classes are the true ones."""
    _check_labels(probabilities, labels)
    if probabilities.min() < 0 or not np.allclose(probabilities.sum(axis=1), 1, atol=1e-5):
        raise ValueError("expected probabilities that add up to 1 per image; are these logits?")
    return probabilities.max(axis=1), probabilities.argmax(axis=1) == labels


def _bins(confidence: np.ndarray, bins: int) -> np.ndarray:
    """Return the bin of each confidence, int64, in [0, bins)."""
    if bins < 1:
        raise ValueError(f"expected at least 1 bin, received {bins}")
    return np.maximum(np.ceil(confidence * bins).astype(np.int64) - 1, 0)


def _gaps(confidence: np.ndarray, correct: np.ndarray, place: np.ndarray, bins: int) -> np.ndarray:
    """Return what each image adds to the calibration error; see `calibration_gaps`."""
    gaps = confidence - correct
    return np.sign(np.bincount(place, gaps, minlength=bins))[place] * gaps


def _check_labels(rows: np.ndarray, labels: np.ndarray) -> None:
    """Refuse labels that do not belong to the rows."""
    if rows.ndim != 2 or labels.shape != rows.shape[:1] or not rows.size:
        raise ValueError(
            "expected shapes (n, classes) and (n,), n at least 1, received "
            f"{rows.shape} and {labels.shape}"
        )
    if labels.min() < 0 or labels.max() >= rows.shape[1]:
        raise ValueError(f"expected labels in [0, {rows.shape[1]}), received others")
