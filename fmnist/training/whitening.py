"""Whitening filters: a first layer that is computed from the images instead of being trained.

Neighbouring pixels are nearly equal, so the patches that a convolution sees vary much along a few
directions and hardly along the others. The filters here are those directions, each divided by the
deviation along it: their answers vary alike, and the layers above need not learn that first. Each
filter is there with both signs, since ReLU drops one half of its answers.

Source: Jordan (2024), arXiv:2404.00498.
"""

import numpy as np

SIZE, STRIDE = 4, 3  # pixels: side of a patch, and from one to the next
IMAGES = 5_000  # that are looked at
FILTERS = 2 * SIZE**2
LEAST_VARIANCE = 0.01  # added, so that directions in which nothing varies do not count most
DIGITS = 5  # what is left of the eigenvectors, which libraries compute with other last digits


def filters(images: np.ndarray) -> np.ndarray:
    """Return the filters for standardised training images.

    Args:
        images: float32, shape (n, rows, columns, 1).

    Returns:
        float32, shape (4, 4, 1, 32): the kernel of a convolution.
    """
    patches = np.lib.stride_tricks.sliding_window_view(
        images[:IMAGES, ..., 0].astype(np.float64), (SIZE, SIZE), axis=(1, 2)
    )[:, ::STRIDE, ::STRIDE].reshape(-1, SIZE**2)
    variances, directions = np.linalg.eigh(np.cov(patches, rowvar=False))
    # A direction has no sign; the larger of its extremes decides.
    directions *= np.where(directions.max(axis=0) >= -directions.min(axis=0), 1.0, -1.0)
    scaled = directions / np.sqrt(variances + LEAST_VARIANCE)
    both = np.concatenate([scaled, -scaled], axis=1).round(DIGITS)
    return both.reshape(SIZE, SIZE, 1, FILTERS).astype(np.float32)
