"""Looking at images and classes before any network: grey levels, means, shifts, maps."""

from dataclasses import dataclass

import numpy as np
from threadpoolctl import threadpool_limits

from fmnist.analysis import neighbours
from fmnist.data import splits

COMPONENTS = 50  # principal components that t-SNE works on
ITERATIONS = 500  # of t-SNE; twice as many change where groups lie, but hardly who is near whom
LEAST_EMBEDDED = 100


@dataclass(frozen=True)
class PixelStatistics:
    """What the pixels of each class are like.

    Attributes:
        class_means: float64, shape (10,), the mean grey value of each class, in [0, 1].
        class_garments: float64, shape (10,), the median number of pixels above 0 in each class.
    """

    class_means: np.ndarray
    class_garments: np.ndarray


def pixel_statistics(split: splits.Split) -> PixelStatistics:
    """Return what the pixels of each class are like; every class needs an image."""
    garments = np.count_nonzero(split.images, axis=(1, 2))
    return PixelStatistics(
        class_means=mean_images(split).mean(axis=(1, 2)),
        class_garments=np.array(
            [np.median(garments[split.labels == label]) for label in range(len(splits.CLASS_NAMES))]
        ),
    )


def mean_images(split: splits.Split) -> np.ndarray:
    """Return the mean image of each class.

    Returns:
        float64, shape (10, 28, 28), in [0, 1], in the order of the labels.

    Raises:
        ValueError: a class has no image.
    """
    absent = np.setdiff1d(np.arange(len(splits.CLASS_NAMES)), split.labels)
    if absent.size:
        raise ValueError(f"every class needs an image, there is none of {absent.tolist()}")
    return np.stack(
        [
            split.images[split.labels == label].mean(axis=0, dtype=np.float64) / 255
            for label in range(len(splits.CLASS_NAMES))
        ]
    )


def shifted(split: splits.Split, right: int) -> splits.Split:
    """Return the same garments moved to the right over background, labels unchanged.

    What moves out of the image is lost.

    Args:
        split: images and labels.
        right: pixels, at least 0.

    Example:
        >>> bag = splits.Split("test", np.array([[[7, 8, 9]]], dtype=np.uint8), np.array([8]))
        >>> shifted(bag, 2).images.tolist()
        [[[0, 0, 7]]]

    Raises:
        ValueError: the number of pixels is negative.
    """
    if right < 0:
        raise ValueError(f"shifted expects pixels to the right, at least 0, received {right}")
    wider = np.pad(split.images, ((0, 0), (0, 0), (right, 0)))
    width = split.images.shape[2]
    return splits.Split(split.name, np.ascontiguousarray(wider[:, :, :width]), split.labels)


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
    from sklearn.decomposition import PCA  # two seconds, as in `neighbours`
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
