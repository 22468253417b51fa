"""Mistakes of networks: which images, which classes, which labels.

Whatever looks at mistakes takes logits that networks gave for images they were not trained on.
"""

import itertools
from dataclasses import dataclass

import numpy as np

from fmnist.data import splits
from fmnist.evaluation import calibration, comparison, results
from fmnist.tools import wording


@dataclass(frozen=True)
class ConfusedPair:
    """Two classes that are taken for each other.

    Attributes:
        first: name of a class.
        second: name of another one.
        first_as_second: images of the first that were taken for the second.
        second_as_first: images of the second that were taken for the first.
    """

    first: str
    second: str
    first_as_second: int
    second_as_first: int

    @property
    def total(self) -> int:
        """Mistakes in both directions."""
        return self.first_as_second + self.second_as_first

    def __str__(self) -> str:
        """Return both directions in words."""
        there = wording.counted(self.first_as_second, "image")
        back = f"{self.second_as_first:,}" if self.second_as_first else "none"
        first, second = self.first, self.second
        return f"{there} of {first} taken for {second}, and {back} of {second} for {first}"


def confused_pairs(matrix: np.ndarray) -> list[ConfusedPair]:
    """Return all 45 pairs of classes, the most confused first.

    Args:
        matrix: int, shape (10, 10), counts; rows are true classes, columns predicted ones.

    Raises:
        ValueError: the matrix has another shape.
    """
    names = splits.CLASS_NAMES
    if matrix.shape != (len(names), len(names)):
        raise ValueError(f"expected a matrix of shape (10, 10), received {matrix.shape}")
    pairs = [
        ConfusedPair(names[a], names[b], int(matrix[a, b]), int(matrix[b, a]))
        for a, b in itertools.combinations(range(len(names)), 2)
    ]
    return sorted(pairs, key=lambda pair: -pair.total)


def hardest(labels: np.ndarray, logits: np.ndarray, count: int) -> tuple[np.ndarray, np.ndarray]:
    """Return the images whose true class gets the lowest probability.

    Args:
        labels: int, shape (n,).
        logits: float, shape (S, n, classes), of S networks; their probabilities are averaged.
        count: how many, at most n.

    Returns:
        Positions, int64, shape (count,), the hardest first, and the mean probability of their true
        class, float64, shape (count,).

    Raises:
        ValueError: the shapes do not fit, or there are not so many images.
    """
    probabilities = _mean_probabilities(labels, logits)
    if not 0 <= count <= len(labels):
        raise ValueError(f"expected a count in [0, {len(labels)}], received {count}")
    true = probabilities[np.arange(len(labels)), labels]
    order = true.argsort(kind="stable")[:count]
    return order, true[order]


@dataclass(frozen=True)
class Suspects:
    """Images whose label may be wrong, the least believed label first.

    Attributes:
        positions: int64, shape (m,).
        suggested: int64, shape (m,): the class that they were expected to have.
        confidence: float64, shape (m,): the mean probability of the given label.
    """

    positions: np.ndarray
    suggested: np.ndarray
    confidence: np.ndarray

    def __len__(self) -> int:
        return len(self.positions)


def suspected_labels(labels: np.ndarray, logits: np.ndarray) -> Suspects:
    """Return images that look confidently like another class, by confident learning.

    A class is *confident* for an image if its probability reaches the mean that images labelled so
    give it; this makes up for classes that are found with less certainty than others. An image is
    suspected if its most probable confident class is not its label. That is a reason to look, not
    a verdict: where two classes overlap, many a right label is suspected.

    Args:
        labels: int, shape (n,).
        logits: float, shape (S, n, classes), of networks that were not trained on these images.

    Raises:
        ValueError: the shapes do not fit.

    Source: Northcutt, Jiang and Chuang (2021), Journal of Artificial Intelligence Research 70,
    1373-1411.
    """
    probabilities = _mean_probabilities(labels, logits)
    given = probabilities[np.arange(len(labels)), labels]
    classes = probabilities.shape[1]
    counts = np.bincount(labels, minlength=classes)
    sums = np.bincount(labels, given, minlength=classes)
    # A class without images has no mean to reach, and is never suggested.
    means = np.divide(sums, counts, out=np.full(classes, np.inf), where=counts > 0)
    confident = np.where(probabilities >= means, probabilities, -np.inf)
    suggested = confident.argmax(axis=1)
    suspected = np.flatnonzero((confident.max(axis=1) > 0) & (suggested != labels))
    order = suspected[given[suspected].argsort(kind="stable")]
    return Suspects(order, suggested[order], given[order])


@dataclass(frozen=True)
class Matched:
    """The accuracy on some images, against what their mix of classes would lead to expect.

    Attributes:
        observed: on these images.
        expected: on the other images, in per cent, with the classes weighted as among these; its n
            counts the other images.
        difference: observed minus expected, in percentage points.
    """

    observed: results.Accuracy
    expected: results.Score
    difference: results.Score


def matched_accuracy(
    correct: np.ndarray,
    labels: np.ndarray,
    chosen: np.ndarray,
    *,
    split: str,
    seeds: tuple[int, ...],
    runs: tuple[str, ...],
) -> Matched:
    """Return the accuracy on chosen images, and on the others with the same mix of classes.

    Many near-duplicates are trousers, which are easy anyway: only a comparison class by class says
    how they differ from the others. Of what being a near-duplicate does it says nothing yet: images
    that have one may be easier for another reason. The difference is that of `comparison.unpaired`.

    Args:
        correct: bool, shape (S, n).
        labels: int, shape (n,).
        chosen: bool, shape (n,), at least one image chosen; of each class of a chosen image,
            one must not be chosen.
        split: as in `results.accuracy`, like the rest.
        seeds: as in `results.accuracy`.
        runs: as in `results.accuracy`.

    Raises:
        ValueError: shapes or types do not fit, none is chosen, or all of a class are.
    """
    results.check_correct(correct, split=split, seeds=seeds)
    if labels.shape != correct.shape[1:] or chosen.shape != labels.shape or chosen.dtype != bool:
        raise ValueError(
            f"expected a label and a bool for each of {correct.shape[1]:,} images, received "
            f"labels of shape {labels.shape} and {chosen.dtype} of shape {chosen.shape}"
        )
    if not chosen.any():
        raise ValueError("matched_accuracy expects at least one chosen image")
    observed = results.accuracy(correct[:, chosen], split=split, seeds=seeds, runs=runs)
    rest, rest_labels = correct[:, ~chosen], labels[~chosen]
    values = np.zeros(rest.shape)
    total = 0.0
    for label, count in zip(*np.unique(labels[chosen], return_counts=True), strict=True):
        same = rest_labels == label
        if not same.any():
            raise ValueError(f"all images of class {label} are chosen: nothing to compare with")
        share = count / observed.n
        mean = rest[:, same].mean()
        total += share * mean
        # Deviations from the class, so that differences between classes are no uncertainty.
        values[:, same] = (rest[:, same] - mean) * share * rest.shape[1] / same.sum()
    expected = results.score(100 * (values + total), unit="%", decimals=1, split=split, seeds=seeds)
    return Matched(observed, expected, comparison.unpaired(observed, expected))


def _mean_probabilities(labels: np.ndarray, logits: np.ndarray) -> np.ndarray:
    """Return probabilities averaged over networks, float64, shape (n, classes)."""
    if logits.ndim != 3 or labels.shape != logits.shape[1:2]:
        raise ValueError(
            "expected labels of shape (n,) and logits of shape (seeds, n, classes), received "
            f"{labels.shape} and {logits.shape}"
        )
    return calibration.softmax(logits).mean(axis=0)
