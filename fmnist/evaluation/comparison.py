"""Is B better than A? Differences on the same images from the same seeds, and p values.

Two networks err on much the same images, so the difference between their accuracies is known far
better than either of them: compare image by image, seed by seed, and never two intervals.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import special

from fmnist.evaluation import results


def paired(
    correct_a: np.ndarray,
    correct_b: np.ndarray,
    *,
    split: str,
    seeds: tuple[int, ...],
    runs: tuple[str, ...],
) -> results.Difference:
    """Return how much more accurate B is than A, with the interval of `results.estimate`.

    What is estimated from is B's value minus A's, -1, 0 or 1 for each seed and image. Where that
    is the same everywhere it has no variance to estimate one from; one image for A and one for B
    are then added in the interval (Bonett and Price 2012), so that two networks which never differ
    on n images are not said to be equal on all images.

    With one seed the interval covers other images only: the same recipe from another seed may
    well lie outside it.

    Args:
        correct_a: bool, shape (S, n): whether A's network s labels image i correctly.
        correct_b: bool, shape (S, n), the same seeds and images in the same order.
        split: that the images belong to.
        seeds: one for each row; empty for rules that were not trained.
        runs: keys of A's runs and then of B's.

    Raises:
        ValueError: the shapes differ, or as in `results.accuracy`.

    Source: Bonett and Price (2012), Journal of Educational and Behavioral Statistics 37(4),
    479-488.
    """
    _check_pair(correct_a, correct_b)
    results.check_correct(correct_a, split=split, seeds=seeds)
    differences = correct_b.astype(np.int8) - correct_a
    mean = results.estimate(differences)
    value = mean.value
    if not mean.variance:
        added = np.tile(np.array([[-1, 1]], dtype=np.int8), (len(differences), 1))
        mean = results.estimate(np.hstack([differences, added]))
    low, high = mean.interval
    statistic = -abs(mean.value) / math.sqrt(mean.variance)
    tail = (
        special.ndtr(statistic)
        if math.isinf(mean.degrees)
        else special.stdtr(mean.degrees, statistic)
    )
    return results.Difference(
        value=value,
        interval=(max(-1.0, low), min(1.0, high)),
        n=correct_a.shape[1],
        seeds=seeds,
        split=split,
        p=float(2 * tail),
        runs=runs,
    )


def unpaired(first: results.Measured, second: results.Measured) -> results.Score:
    """Return how much higher one share is than another, which was measured on other images.

    The two intervals are joined by adding squares, each as far as it reaches to its side (method 10
    of Newcombe 1998; Zou and Donner 2008 for any two intervals). That takes both for independent.
    Of the same networks they are not: what their seeds do to both cancels out in the difference,
    and the interval is rather too wide.

    Args:
        first: an accuracy, or a score in per cent.
        second: the same on other images.

    Returns:
        The first minus the second, in percentage points, with n, seeds and split of the first.

    Sources: Newcombe (1998), Statistics in Medicine 17(8), 873-890; Zou and Donner (2008),
    Statistics in Medicine 27(10), 1693-1702.
    """
    value, down, up = _in_per_cent(first)
    other, other_down, other_up = _in_per_cent(second)
    return results.Score(
        value=value - other,
        interval=(
            value - other - math.hypot(down, other_up),
            value - other + math.hypot(up, other_down),
        ),
        n=first.n,
        seeds=first.seeds,
        split=first.split,
        unit="percentage points",
        decimals=1,
    )


def _in_per_cent(share: results.Measured) -> tuple[float, float, float]:
    """Return a share in per cent, and how far its interval reaches down and up."""
    scale = 1.0 if isinstance(share, results.Score) else 100.0
    value, low, high = (scale * number for number in (share.value, *share.interval))
    return value, value - low, high - value


@dataclass(frozen=True)
class McNemar:
    """Two networks on the same images, and McNemar's exact test.

    Attributes:
        only_a: images that A alone labels correctly.
        only_b: images that B alone labels correctly.
        n: images.
        p: two-sided p value, in [0, 1].
    """

    only_a: int
    only_b: int
    n: int
    p: float

    def __str__(self) -> str:
        p = "p < 0.001" if self.p < 0.001 else f"p = {self.p:.3f}"
        return (
            f"{self.only_a:,} against {self.only_b:,} images (exact McNemar test, {p}, "
            f"n = {self.n:,}, one run each)"
        )


def mcnemar(correct_a: np.ndarray, correct_b: np.ndarray) -> McNemar:
    """Return the exact test of whether two trained networks have the same accuracy.

    Under that hypothesis each image on which they differ is A's or B's with equal chance, so the
    smaller number is binomial. The test compares two networks and no more. It does not cover
    seeds: two runs of one recipe may differ at p = 0.05 and mean nothing for the recipe. To
    compare recipes, train each from several seeds and use `paired`.

    Args:
        correct_a: bool, shape (n,).
        correct_b: bool, shape (n,), the same images in the same order.

    Raises:
        ValueError: the arrays are not bool of one shape (n,), n at least 1.

    Sources: McNemar (1947), Psychometrika 12(2), 153-157; Dietterich (1998), Neural Computation
    10(7), 1895-1923, section 3.1.
    """
    _check_pair(correct_a, correct_b)
    if correct_a.dtype != np.bool_ or correct_a.ndim != 1 or not correct_a.size:
        raise ValueError(
            "mcnemar expects one run each, bool of shape (images,), received "
            f"{correct_a.dtype} of shape {correct_a.shape}"
        )
    only_a = int((correct_a & ~correct_b).sum())
    only_b = int((correct_b & ~correct_a).sum())
    p = min(1.0, 2 * float(special.bdtr(min(only_a, only_b), only_a + only_b, 0.5)))
    return McNemar(only_a, only_b, len(correct_a), p)


def holm(p_values: Sequence[float]) -> np.ndarray:
    """Return p values adjusted for their number.

    If the p values are valid and those below 0.05 are called real, the chance that at least one of
    them is not stays below 0.05, whatever the dependence between the comparisons. From few seeds,
    small ones of `paired` are too small a little too often: of simulated studies with three seeds
    and seven comparisons that were all of equals, 6 % had a false alarm where the accuracies of
    seeds varied by a quarter of a percentage point, and 12 % where they varied by half of one.

    Args:
        p_values: in [0, 1], one for each comparison that was looked at, also the dull ones.

    Returns:
        float64, shape (k,), in the order given, each at least as large as before.

    Raises:
        ValueError: there is none, or one lies outside [0, 1].

    Source: Holm (1979), Scandinavian Journal of Statistics 6(2), 65-70.

    Example:
        >>> holm([0.01, 0.04, 0.03]).tolist()
        [0.03, 0.06, 0.06]
    """
    given = np.asarray(p_values, dtype=np.float64)
    if given.ndim != 1 or not given.size or not ((given >= 0) & (given <= 1)).all():
        raise ValueError(f"holm expects at least one p value, each in [0, 1], received {p_values}")
    order = given.argsort(kind="stable")
    remaining = np.arange(given.size, 0, -1)
    adjusted = np.empty_like(given)
    adjusted[order] = np.maximum.accumulate(np.minimum(1.0, remaining * given[order]))
    return adjusted


def _check_pair(correct_a: np.ndarray, correct_b: np.ndarray) -> None:
    """Refuse arrays that would be broadcast, or that are not of one type."""
    if correct_a.shape != correct_b.shape or correct_a.dtype != correct_b.dtype:
        raise ValueError(
            "A and B need the same seeds and images, received "
            f"{correct_a.dtype} of shape {correct_a.shape} and "
            f"{correct_b.dtype} of shape {correct_b.shape}"
        )
