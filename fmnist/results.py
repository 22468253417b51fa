"""Numbers that may be printed: a result carries its n, interval, seeds, split and run."""

import math
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np

LEVEL = 0.95


@dataclass(frozen=True)
class Accuracy:
    """The share of images that one trained network labels correctly.

    The interval is Wilson's score interval for a proportion: 95 % of the intervals that are built
    in this way from other images of the same kind cover the accuracy on all of them. It says
    nothing about other seeds, and `str` names the one seed.

    Source: Wilson (1927), Journal of the American Statistical Association 22(158), 209-212.

    Attributes:
        correct: images labelled correctly.
        n: images.
        split: "train", "validation" or "test".
        seeds: of the training runs; one here.
        run: key of the run, empty for a rule that was not trained.
    """

    correct: int
    n: int
    split: str
    seeds: tuple[int, ...]
    run: str

    @property
    def value(self) -> float:
        """The accuracy as a fraction."""
        return self.correct / self.n

    @property
    def interval(self) -> tuple[float, float]:
        """Lower and upper end of the 95 % interval, as fractions."""
        z = NormalDist().inv_cdf((1 + LEVEL) / 2)
        centre = (self.correct + z * z / 2) / (self.n + z * z)
        spread = (z * math.sqrt(self.correct * (self.n - self.correct) / self.n + z * z / 4)) / (
            self.n + z * z
        )
        return centre - spread, centre + spread

    def __str__(self) -> str:
        low, high = (f"{100 * end:.1f}" for end in self.interval)
        seeds = f"{len(self.seeds)} seed{'s' if len(self.seeds) != 1 else ''}, " * bool(self.seeds)
        return (
            f"{100 * self.value:.1f} % (95 % interval {low} to {high}, n = {self.n:,}, "
            f"{seeds}{self.split})"
        )


def accuracy(
    labels: np.ndarray, predictions: np.ndarray, *, split: str, seeds: tuple[int, ...], run: str
) -> Accuracy:
    """Return the accuracy of predictions.

    Args:
        labels: int, shape (n,), the true classes.
        predictions: int, shape (n,), the predicted classes.
        split: that the images belong to.
        seeds: of the training runs.
        run: key of the run.

    Raises:
        ValueError: the shapes differ, or there is no image.
    """
    if labels.shape != predictions.shape or labels.ndim != 1 or not len(labels):
        raise ValueError(
            "accuracy expects two arrays of shape (n,), n at least 1, received "
            f"{labels.shape} and {predictions.shape}"
        )
    correct = int((labels == predictions).sum())
    return Accuracy(correct, len(labels), split, seeds, run)
