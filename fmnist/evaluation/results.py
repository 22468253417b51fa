"""Numbers that may be printed: a result carries its n, interval, seeds, split and runs.

Everything measured on images is an array of shape (S, n): S networks, trained from S seeds, on the
same n images. Both are samples, of all seeds that might have been drawn and of all images of this
kind, so the intervals of the course come from one method, the two-way layout of seeds and images
(`estimate`): the mean over other seeds and other images is what they cover. Two start from it and
go on: `calibration.expected_calibration_error`, and `comparison.unpaired` for different images.

- The variance of the mean has three components, for seeds, for images and for what is left. They
  are estimated from the mean squares of a two-way layout with one value per cell, both factors
  random; a component estimated below 0 is set to 0. Reader studies in medicine, where readers
  stand for seeds and cases for images, use the same estimate (Gallas, Pennello and Myers 2007).
- Three seeds say little about the variance over seeds. The quantile is therefore Student's, with
  the degrees of freedom of Satterthwaite (1946).
- A proportion near 1 has no symmetric interval. An `Accuracy` is put into the score interval of
  Wilson (1927) with the effective number of images, as done for surveys (Korn and Graubard 1998).

With one seed, the variance over seeds cannot be estimated. The interval then covers other images
only, an accuracy's is exactly Wilson's, and `Measured.covers` says so.

How far to trust it: in simulated studies with 100 to 10,000 images, intervals from three seeds or
more covered in 92 to 99 % of the cases, intervals from two seeds in 88 to 98 %. They cover least
where seeds vary much more than images.

Sources: Gallas, Pennello and Myers (2007), Journal of the Optical Society of America A 24(12),
B70-B80. Satterthwaite (1946), Biometrics Bulletin 2(6), 110-114. Wilson (1927), Journal of the
American Statistical Association 22(158), 209-212. Korn and Graubard (1998), Survey Methodology
24(2), 193-201.
"""

import math
from dataclasses import dataclass

import numpy as np
from scipy import special

from fmnist.tools import wording

LEVEL = 0.95
SPLITS = ("train", "validation", "test")


@dataclass(frozen=True)
class Estimate:
    """A mean over seeds and images, and how well it is known.

    Attributes:
        value: the mean, in the unit of the values.
        variance: of the mean, in that unit squared; at least 0.
        degrees: of freedom; infinite for one seed.
    """

    value: float
    variance: float
    degrees: float

    @property
    def quantile(self) -> float:
        """Half the width of the 95 % interval, in standard errors."""
        if math.isinf(self.degrees):
            return float(special.ndtri((1 + LEVEL) / 2))
        return float(special.stdtrit(self.degrees, (1 + LEVEL) / 2))

    @property
    def interval(self) -> tuple[float, float]:
        """Lower and upper end of the symmetric 95 % interval."""
        half = self.quantile * math.sqrt(self.variance)
        return self.value - half, self.value + half


def estimate(values: np.ndarray) -> Estimate:
    """Return the mean over seeds and images, with the method of this module.

    Args:
        values: bool or float, shape (S, n), finite; row s holds what seed s gave for each image.

    Raises:
        ValueError: the shape is another one, something is not finite, or several seeds were
            given one image.
    """
    if values.ndim != 2 or not values.size:
        raise ValueError(
            f"estimate expects values of shape (seeds, images), received {values.shape}"
        )
    values = values.astype(np.float64)
    if not np.isfinite(values).all():
        raise ValueError("estimate expects finite values, received nan or infinity")
    seeds, images = values.shape
    mean = values.mean()
    if seeds == 1:
        return Estimate(float(mean), float(values.var() / images), math.inf)
    if images == 1:
        raise ValueError("estimate needs at least 2 images where there are several seeds")
    by_seed, by_image = values.mean(axis=1), values.mean(axis=0)
    rest = values - by_seed[:, np.newaxis] - by_image + mean
    degrees = np.array([seeds - 1, images - 1, (seeds - 1) * (images - 1)])
    of_seeds = images * by_seed.var(ddof=1)
    of_images = seeds * by_image.var(ddof=1)
    of_rest = (rest**2).sum() / degrees[2]
    # Seeds plus images minus rest, where max() is what sets a negative component to 0.
    total = max(of_seeds, of_rest) + max(of_images, of_rest) - of_rest
    if not total:
        return Estimate(float(mean), 0.0, math.inf)
    # The degrees are of the mean squares themselves, also where a component was set to 0.
    parts = np.array([of_seeds, of_images, of_rest])
    return Estimate(
        float(mean),
        # Divided by n where textbooks divide by n - 1, so that one seed gives Wilson's interval.
        float(total / (seeds * images) * (images - 1) / images),
        float(total**2 / (parts**2 / degrees).sum()),
    )


@dataclass(frozen=True, kw_only=True)
class Measured:
    """What all results share: a value, its interval and what it was measured on.

    Attributes:
        value: the mean over seeds and images.
        interval: lower and upper end of the 95 % interval; see the module for the method.
        n: images, the same for each seed.
        seeds: of the training runs; empty for a rule that was not trained.
        split: "train", "validation" or "test".
    """

    value: float
    interval: tuple[float, float]
    n: int
    seeds: tuple[int, ...]
    split: str

    @property
    def covers(self) -> str:
        """What the interval speaks about: "other seeds and images", or "other images" alone."""
        return "other seeds and images" if len(self.seeds) > 1 else "other images"

    def _stated(self, low: str, high: str) -> str:
        """Return interval and conditions in brackets, as every result prints them."""
        seeds = f"{wording.counted(len(self.seeds), 'seed')}, " if self.seeds else ""
        level = f"{100 * LEVEL:.0f} %"
        return f"({level} interval {low} to {high}, n = {self.n:,}, {seeds}{self.split})"


@dataclass(frozen=True, kw_only=True)
class Accuracy(Measured):
    """The share of images labelled correctly: value and interval are fractions in [0, 1].

    With one seed the interval covers other images only, and says nothing about other seeds.

    Attributes:
        runs: keys of the runs, in the order of the seeds; empty for a rule that was not trained.

    Example:
        >>> correct = np.arange(1000)[np.newaxis] < 905
        >>> str(accuracy(correct, split="validation", seeds=(0,), runs=("3f2a",)))
        '90.5 % (95 % interval 88.5 to 92.2, n = 1,000, 1 seed, validation)'
    """

    runs: tuple[str, ...]

    def __str__(self) -> str:
        low, high = (f"{100 * end:.1f}" for end in self.interval)
        return f"{100 * self.value:.1f} % {self._stated(low, high)}"


@dataclass(frozen=True, kw_only=True)
class Difference(Measured):
    """How much more accurate B is than A, on the same images and from the same seeds.

    Value and interval are fractions in [-1, 1]; printed are percentage points.

    Attributes:
        p: two-sided p value of "no difference", in [0, 1], from the same variance.
        runs: keys of A's runs and then of B's.
    """

    p: float
    runs: tuple[str, ...]

    def __str__(self) -> str:
        low, high = (_signed(100 * end, 1) for end in self.interval)
        return f"{_signed(100 * self.value, 1)} percentage points {self._stated(low, high)}"


@dataclass(frozen=True, kw_only=True)
class Score(Measured):
    """Any other measured quantity, in its own unit.

    Attributes:
        unit: in words, "nats per image"; empty for a pure number.
        decimals: that are printed.
    """

    unit: str
    decimals: int

    def __str__(self) -> str:
        value, low, high = (
            f"{number:z.{self.decimals}f}".replace("-", "\N{MINUS SIGN}")
            for number in (self.value, *self.interval)
        )
        return " ".join(filter(None, (value, self.unit, self._stated(low, high))))


@dataclass(frozen=True)
class Count:
    """How many there are. It was counted, not sampled, and has no interval.

    Attributes:
        value: at least 0.
        of: among how many, or None where there is no whole.
        what: was counted, in words; not printed, since the sentence says it.

    Raises:
        ValueError: the value is negative or larger than the whole, or nothing says what it is.

    Example:
        >>> str(Count(545, 10_000, "test images with a near-duplicate in training"))
        '545 of 10,000'
    """

    value: int
    of: int | None
    what: str

    def __post_init__(self) -> None:
        if self.value < 0 or (self.of is not None and self.value > self.of):
            raise ValueError(f"a count lies between 0 and its whole, not {self.value} of {self.of}")
        if not self.what.strip():
            raise ValueError("a count needs words for what was counted")

    def __str__(self) -> str:
        return f"{self.value:,}" if self.of is None else f"{self.value:,} of {self.of:,}"


def accuracy(
    correct: np.ndarray, *, split: str, seeds: tuple[int, ...], runs: tuple[str, ...]
) -> Accuracy:
    """Return the accuracy of S networks on the same images.

    Args:
        correct: bool, shape (S, n): whether network s labels image i correctly.
        split: that the images belong to.
        seeds: one for each network; empty for a rule that was not trained.
        runs: keys of the runs; empty for a rule that was not trained.

    Raises:
        ValueError: `correct` has another type or shape, there are not as many seeds as rows, or
            the split has no such name.
    """
    check_correct(correct, split=split, seeds=seeds)
    return Accuracy(
        value=float(correct.mean()),
        interval=_score_interval(correct),
        n=correct.shape[1],
        seeds=seeds,
        split=split,
        runs=runs,
    )


def of_class(
    correct: np.ndarray,
    labels: np.ndarray,
    label: int,
    *,
    split: str,
    seeds: tuple[int, ...],
    runs: tuple[str, ...],
) -> Accuracy:
    """Return the recall of one class: the accuracy on the images whose true class it is.

    Args:
        correct: bool, shape (S, n).
        labels: int, shape (n,), the true classes.
        label: the class.
        split: as in `accuracy`, like the rest.
        seeds: as in `accuracy`.
        runs: as in `accuracy`.

    Raises:
        ValueError: no image has this class, the lengths differ, or as in `accuracy`.
    """
    check_correct(correct, split=split, seeds=seeds)
    if labels.shape != correct.shape[1:]:
        raise ValueError(
            f"of_class expects a label for each of {correct.shape[1]:,} images, received "
            f"labels of shape {labels.shape}"
        )
    chosen = labels == label
    if not chosen.any():
        raise ValueError(f"no image has class {label}")
    return accuracy(correct[:, chosen], split=split, seeds=seeds, runs=runs)


def score(
    values: np.ndarray, *, unit: str, decimals: int, split: str, seeds: tuple[int, ...]
) -> Score:
    """Return the mean of a quantity that each network has on each image.

    Args:
        values: float, shape (S, n), finite.
        unit: in words; empty for a pure number.
        decimals: to print.
        split: that the images belong to.
        seeds: one for each network; empty for a rule that was not trained.

    Raises:
        ValueError: as in `estimate`, or as in `accuracy` for seeds and split.
    """
    mean = estimate(values)
    _check_conditions(len(values), split, seeds)
    return Score(
        value=mean.value,
        interval=mean.interval,
        n=values.shape[1],
        seeds=seeds,
        split=split,
        unit=unit,
        decimals=decimals,
    )


def check_correct(correct: np.ndarray, *, split: str, seeds: tuple[int, ...]) -> None:
    """Refuse what is no array of right and wrong, or does not fit its conditions.

    Raises:
        ValueError: see `accuracy`.
    """
    if correct.dtype != np.bool_ or correct.ndim != 2 or not correct.size:
        raise ValueError(
            "expected right and wrong as bool of shape (seeds, images), received "
            f"{correct.dtype} of shape {correct.shape}"
        )
    _check_conditions(len(correct), split, seeds)


def _check_conditions(rows: int, split: str, seeds: tuple[int, ...]) -> None:
    """Refuse conditions that do not fit the number of rows."""
    if len(set(seeds)) != rows and (seeds or rows != 1):
        raise ValueError(f"expected {rows} different seeds, one for each row, received {seeds}")
    if split not in SPLITS:
        raise ValueError(f"expected a split among {', '.join(SPLITS)}, received {split!r}")


def _score_interval(correct: np.ndarray) -> tuple[float, float]:
    """Return Wilson's interval with the effective number of images and Student's quantile.

    The effective number is the one whose binomial variance is that of `estimate`. Where all images
    are right, or all wrong, nothing can be estimated, and the images count once.
    """
    mean = estimate(correct)
    p = mean.value
    effective = p * (1 - p) / mean.variance if mean.variance else correct.shape[1]
    ratio = mean.quantile**2 / effective
    centre = (p + ratio / 2) / (1 + ratio)
    half = math.sqrt(ratio * p * (1 - p) + ratio**2 / 4) / (1 + ratio)
    return max(0.0, centre - half), min(1.0, centre + half)


def _signed(number: float, decimals: int) -> str:
    """Return a number with its sign, and the sign as printers set it."""
    return f"{number:+z.{decimals}f}".replace("-", "\N{MINUS SIGN}")
