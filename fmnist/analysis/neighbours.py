"""Which images are the same or nearly so: duplicates, near-duplicates, nearest neighbours.

Images are uint8, shape (n, 28, 28). The distance between two of them is Euclidean over their 784
pixels, each scaled to [0, 1]. 50,000 images make more than a billion pairs, so work is done in
matrix products, a block of images at a time.
"""

import hashlib
from collections import defaultdict
from dataclasses import dataclass

import numpy as np

from fmnist.data import splits

PIXELS = 28 * 28
BLOCK = 500  # images compared with all others at once: 100 MB of distances for 50,000
MOST_PAIRS = 5_000_000
# A sum of 198 products whose sizes add up to at most 3,136 is rounded by less than this in float32.
SLACK = 0.05


@dataclass(frozen=True)
class Pairs:
    """Pairs of images, the closest first.

    Attributes:
        first: int64, shape (m,): positions in the first set.
        second: int64, shape (m,): positions in the second set; within one set, above `first`.
        distance: float64, shape (m,): see the module.
    """

    first: np.ndarray
    second: np.ndarray
    distance: np.ndarray

    def __len__(self) -> int:
        return len(self.first)


def exact_duplicates(images_a: np.ndarray, images_b: np.ndarray | None = None) -> Pairs:
    """Return all pairs of images that are equal in every pixel, found by their SHA-256.

    Args:
        images_a: uint8, shape (n, 28, 28).
        images_b: uint8, shape (k, 28, 28), or None for pairs within the first set.

    Raises:
        ValueError: the images are no such arrays.
    """
    positions: defaultdict[str, list[int]] = defaultdict(list)
    for position, digest in enumerate(digests(images_a if images_b is None else images_b)):
        positions[digest].append(position)
    pairs = [
        (position, other)
        for position, digest in enumerate(digests(images_a))
        for other in positions.get(digest, [])
        if images_b is not None or position < other
    ]
    first, second = np.array(pairs, dtype=np.int64).reshape(-1, 2).T
    return Pairs(first, second, np.zeros(len(first)))


def near_duplicates(
    images_a: np.ndarray, images_b: np.ndarray | None = None, *, threshold: float
) -> Pairs:
    """Return all pairs of images that are at most so far apart.

    No pair is missed and no distance is rounded. Sums over blocks of 2 by 2 pixels, divided by 2,
    are never farther apart than the images themselves (Cauchy and Schwarz), so that matrix products
    of a quarter of the size find the candidates; these are then measured in whole numbers.

    Args:
        images_a: uint8, shape (n, 28, 28).
        images_b: uint8, shape (k, 28, 28), or None for pairs within the first set.
        threshold: the largest distance, at least 0. Up to about 1, pairs of Fashion-MNIST look like
            one product or a variant of it; near 2, many are just two pairs of plain trousers.

    Raises:
        ValueError: the images are no such arrays, the threshold is negative, or so large that
            millions of pairs would have to be measured.
    """
    if not threshold >= 0:
        raise ValueError(f"near_duplicates expects a threshold of at least 0, received {threshold}")
    others = images_a if images_b is None else images_b
    blocks_a, blocks_b = _block_sums(images_a), _block_sums(others)
    # Squared distance as one product: (-2 a, |a|^2, 1) times (b, 1, |b|^2).
    left = np.hstack([-2 * blocks_a, _squares(blocks_a), np.ones_like(blocks_a[:, :1])])
    right = np.hstack([blocks_b, np.ones_like(blocks_b[:, :1]), _squares(blocks_b)])
    candidates = [np.empty((2, 0), np.int64)]
    for start in range(0, len(left), BLOCK):
        begin = 0 if images_b is not None else start
        squared = left[start : start + BLOCK] @ right[begin:].T
        pairs = np.stack(np.nonzero(squared <= threshold**2 + SLACK))
        pairs += [[start], [begin]]
        candidates.append(pairs if images_b is not None else pairs[:, pairs[0] < pairs[1]])
        if sum(part.shape[1] for part in candidates) > MOST_PAIRS:
            raise ValueError(
                f"more than {MOST_PAIRS:,} pairs may be within {threshold}: "
                "choose a lower threshold"
            )
    first, second = np.hstack(candidates)
    distance = _distances(images_a, others, first, second)
    order = np.lexsort((second, first, distance))
    order = order[distance[order] <= threshold]
    return Pairs(first[order], second[order], distance[order])


def nearest_neighbour(images: np.ndarray, queries: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the nearest image to each query; its label is what 1-NN predicts.

    Computed in float32: of two images whose distances agree to about 0.001, either may be taken.

    Args:
        images: uint8, shape (n, 28, 28), n at least 1, to choose from.
        queries: uint8, shape (k, 28, 28).

    Returns:
        Positions among `images`, int64, shape (k,), and distances, float64, shape (k,).

    Raises:
        ValueError: the images are no such arrays, or there is none.

    Source: Cover and Hart (1967), IEEE Transactions on Information Theory 13(1), 21-27.

    Example:
        >>> images = np.stack([np.full((28, 28), grey, np.uint8) for grey in (0, 100, 200)])
        >>> positions, distances = nearest_neighbour(images, images[:2] + np.uint8(60))
        >>> positions
        array([1, 2])
    """
    if not len(images):
        raise ValueError("nearest_neighbour expects at least one image to choose from")
    pixels = as_rows(images)
    # The query's own square is the same for all and decides nothing.
    table = np.hstack([-2 * pixels, _squares(pixels)])
    wanted = as_rows(queries)
    wanted = np.hstack([wanted, np.ones_like(wanted[:, :1])])
    positions = np.concatenate(
        [np.empty(0, np.int64)]
        + [
            (wanted[start : start + BLOCK] @ table.T).argmin(axis=1)
            for start in range(0, len(wanted), BLOCK)
        ]
    )
    return positions, _distances(images, queries, positions, np.arange(len(queries)))


def nearest_others(points: np.ndarray, count: int) -> np.ndarray:
    """Return the nearest other points to each point, the nearest first.

    Args:
        points: float, shape (n, d): images as rows, or their places on a map.
        count: how many others, less than n.

    Returns:
        Positions, int64, shape (n, count); no point is its own neighbour.

    Raises:
        ValueError: there are not so many others.

    Example:
        >>> nearest_others(np.array([[0.0], [5.0], [1.0]]), 2).tolist()
        [[2, 1], [2, 0], [0, 1]]
    """
    from sklearn.neighbors import NearestNeighbors  # two seconds; nothing else here needs it

    search = NearestNeighbors(n_neighbors=count, algorithm="brute").fit(points)
    return search.kneighbors(return_distance=False)


def digests(images: np.ndarray) -> list[str]:
    """Return the SHA-256 of each image's pixels, in hexadecimal: the same wherever it stands.

    Args:
        images: uint8, shape (n, 28, 28).

    Raises:
        ValueError: the images are no such array.
    """
    _check(images)
    return [hashlib.sha256(image.tobytes()).hexdigest() for image in images]


def as_rows(images: np.ndarray) -> np.ndarray:
    """Return each image as one row of pixels.

    Args:
        images: uint8, shape (n, 28, 28).

    Returns:
        float32, shape (n, 784), in [0, 1].

    Raises:
        ValueError: the images are no such array.
    """
    _check(images)
    return images.reshape(-1, PIXELS).astype(np.float32) / np.float32(255)


def _check(images: np.ndarray) -> None:
    """Refuse what are no images as the module describes them."""
    if images.dtype != np.uint8 or images.ndim != 3 or images.shape[1:] != splits.IMAGE_SHAPE:
        raise ValueError(
            "expected uint8 images of shape (n, 28, 28), received "
            f"{images.dtype} of shape {images.shape}"
        )


def _squares(rows: np.ndarray) -> np.ndarray:
    """Return the squared length of each row, shape (n, 1)."""
    return np.einsum("ij,ij->i", rows, rows)[:, np.newaxis]


def _block_sums(images: np.ndarray) -> np.ndarray:
    """Return half the sums over blocks of 2 by 2 pixels, float32, shape (n, 196)."""
    blocks = as_rows(images).reshape(-1, 14, 2, 14, 2).sum(axis=(2, 4))
    return blocks.reshape(-1, PIXELS // 4) / 2


def _distances(
    images_a: np.ndarray, images_b: np.ndarray, first: np.ndarray, second: np.ndarray
) -> np.ndarray:
    """Return the exact distances between images at these positions, float64, shape (m,)."""
    distances = np.empty(len(first))
    for start in range(0, len(first), BLOCK * 10):
        part = slice(start, start + BLOCK * 10)
        gap = images_a[first[part]].astype(np.int32) - images_b[second[part]]
        distances[part] = np.sqrt((gap**2).sum(axis=(1, 2))) / 255
    return distances
