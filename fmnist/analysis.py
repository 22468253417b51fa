"""Which images, which classes, which labels: looking behind one number.

Whatever looks at mistakes takes logits that networks gave for images they were not trained on.
"""

import math
from dataclasses import dataclass

import numpy as np
from threadpoolctl import threadpool_limits

from fmnist import calibration, data, neighbours, results, wording

COMPONENTS = 50  # principal components that t-SNE works on
ITERATIONS = 500  # of t-SNE; twice as many change where groups lie, but hardly who is near whom
LEAST_EMBEDDED = 100


@dataclass(frozen=True)
class PixelStatistics:
    """What the pixels of a split are like. Grey values are scaled to [0, 1].

    Attributes:
        mean: over all pixels.
        deviation: standard deviation over all pixels.
        background: share of pixels that are 0.
        dimmest: the brightest pixel of the image that has the least bright one.
        class_means: float64, shape (10,), the mean of each class.
        class_garments: float64, shape (10,), the median number of pixels above 0 in each class.
    """

    mean: float
    deviation: float
    background: float
    dimmest: float
    class_means: np.ndarray
    class_garments: np.ndarray


def pixel_statistics(split: data.Split) -> PixelStatistics:
    """Return what the pixels of a split are like; every class needs an image."""
    counts = np.bincount(split.images.ravel(), minlength=256)
    shares, grey = counts / counts.sum(), np.arange(256) / 255
    mean = float(shares @ grey)
    garments = np.count_nonzero(split.images, axis=(1, 2))
    return PixelStatistics(
        mean=mean,
        deviation=float(np.sqrt(shares @ (grey - mean) ** 2)),
        background=float(shares[0]),
        dimmest=float(split.images.max(axis=(1, 2)).min() / 255),
        class_means=mean_images(split).mean(axis=(1, 2)),
        class_garments=np.array(
            [np.median(garments[split.labels == label]) for label in range(len(data.CLASS_NAMES))]
        ),
    )


def mean_images(split: data.Split) -> np.ndarray:
    """Return the mean image of each class.

    Returns:
        float64, shape (10, 28, 28), in [0, 1], in the order of the labels.

    Raises:
        ValueError: a class has no image.
    """
    absent = np.setdiff1d(np.arange(len(data.CLASS_NAMES)), split.labels)
    if absent.size:
        raise ValueError(f"every class needs an image, there is none of {absent.tolist()}")
    return np.stack(
        [
            split.images[split.labels == label].mean(axis=0, dtype=np.float64) / 255
            for label in range(len(data.CLASS_NAMES))
        ]
    )


def shifted(split: data.Split, right: int) -> data.Split:
    """Return the same garments moved to the right over background, labels unchanged.

    What moves out of the image is lost.

    Args:
        split: images and labels.
        right: pixels, at least 0.

    Example:
        >>> one = data.Split("test", np.array([[[7, 8, 9]]], dtype=np.uint8), np.array([8]))
        >>> shifted(one, 2).images.tolist()
        [[[0, 0, 7]]]

    Raises:
        ValueError: the number of pixels is negative.
    """
    if right < 0:
        raise ValueError(f"shifted expects pixels to the right, at least 0, received {right}")
    wider = np.pad(split.images, ((0, 0), (0, 0), (right, 0)))
    width = split.images.shape[2]
    return data.Split(split.name, np.ascontiguousarray(wider[:, :, :width]), split.labels)


@dataclass(frozen=True)
class Embedding:
    """Images as points in the plane, twice.

    Attributes:
        pca: float32, shape (n, 2): the first two principal components, in units of pixel distance.
        tsne: float32, shape (n, 2): who is near whom; axes, sizes and gaps mean nothing.
        explained: float64, shape (50,): the share of variance of each principal component.
    """

    pca: np.ndarray
    tsne: np.ndarray
    explained: np.ndarray


def embedding(images: np.ndarray, *, seed: int) -> Embedding:
    """Return a linear map of the images, and one of neighbourhoods.

    t-SNE works on 50 principal components, found by a randomised decomposition.

    Args:
        images: uint8, shape (n, 28, 28), n at least 100; 2,000 take about 7 seconds of one core.
        seed: of both methods; the same seed gives the same points on the same machine.

    Raises:
        ValueError: the images are no such array, or fewer than 100.

    Sources: Halko, Martinsson and Tropp (2011), SIAM Review 53(2), 217-288; van der Maaten and
    Hinton (2008), Journal of Machine Learning Research 9, 2579-2605.
    """
    from sklearn.decomposition import PCA  # two seconds; nothing else here needs it
    from sklearn.manifold import TSNE

    pixels = neighbours.as_rows(images)
    if len(images) < LEAST_EMBEDDED:
        raise ValueError(
            f"embedding expects at least {LEAST_EMBEDDED} images, received {len(images)}"
        )
    pca = PCA(COMPONENTS, svd_solver="randomized", random_state=seed)
    # One thread: several add numbers up in another order and give another map, and they take many
    # times as long where they wait for a core that a training run holds.
    with threadpool_limits(1):
        components = pca.fit_transform(pixels)
        tsne = TSNE(max_iter=ITERATIONS, random_state=seed).fit_transform(components)
    return Embedding(components[:, :2], tsne, pca.explained_variance_ratio_.astype(np.float64))


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
    names = data.CLASS_NAMES
    if matrix.shape != (len(names), len(names)):
        raise ValueError(f"expected a matrix of shape (10, 10), received {matrix.shape}")
    pairs = [
        ConfusedPair(names[one], names[other], int(matrix[one, other]), int(matrix[other, one]))
        for one in range(len(names))
        for other in range(one + 1, len(names))
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
    what being a near-duplicate adds. The difference's interval joins the other two
    by adding squares (method 10 of Newcombe 1998; Zou and Donner 2008 for any two intervals).

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

    Sources: Newcombe (1998), Statistics in Medicine 17(8), 873-890; Zou and Donner (2008),
    Statistics in Medicine 27(10), 1693-1702.
    """
    results.check(correct, split=split, seeds=seeds)
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
    value = 100 * observed.value - expected.value
    below, above = (abs(100 * (end - observed.value)) for end in observed.interval)
    under, over = (abs(end - expected.value) for end in expected.interval)
    difference = results.Score(
        value=value,
        interval=(value - math.hypot(below, over), value + math.hypot(above, under)),
        n=observed.n,
        seeds=seeds,
        split=split,
        unit="percentage points",
        decimals=1,
    )
    return Matched(observed, expected, difference)


def _mean_probabilities(labels: np.ndarray, logits: np.ndarray) -> np.ndarray:
    """Return probabilities averaged over networks, float64, shape (n, classes)."""
    if logits.ndim != 3 or labels.shape != logits.shape[1:2]:
        raise ValueError(
            "expected labels of shape (n,) and logits of shape (seeds, n, classes), received "
            f"{labels.shape} and {logits.shape}"
        )
    return calibration.softmax(logits).mean(axis=0)
