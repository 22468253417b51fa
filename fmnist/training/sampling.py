"""Which images an epoch looks at: all of them, or fewer of those that are easy by now.

Late in a training most images cost almost nothing, and their gradients say almost nothing. So an
epoch may leave most of the easy ones out; those that stay count for those that do not, so that on
average the gradient is that of all images.

Source: Qin, Wang, Zheng and others (2024), "InfoBatch", arXiv:2303.04947, with other numbers.
"""

import numpy as np

EASY = 0.6  # share of the images: those with the lowest loss when they were last looked at
WHOLE = 0.2  # share of the epochs, the last ones, that look at all images; the first does, too


def skips(skipping: float, epoch: int, epochs: int) -> bool:
    """Return whether an epoch, counted from 0, leaves images out."""
    return skipping > 0 and 0 < epoch < round((1 - WHOLE) * epochs)


def count(images: int, skipping: float, epoch: int, epochs: int) -> int:
    """Return how many of the images an epoch looks at."""
    left_out = round(skipping * int(EASY * images)) if skips(skipping, epoch, epochs) else 0
    return images - left_out


def draw(
    losses: np.ndarray, *, skipping: float, seed: int, epoch: int, epochs: int
) -> tuple[np.ndarray, np.ndarray]:
    """Return which images an epoch looks at, and how much each counts.

    Args:
        losses: float32, shape (n,), of each image when it was last looked at, in nats.
        skipping: share of the easy images that are left out, in [0, 1).
        seed: of the run.
        epoch: from 0.
        epochs: of the whole training.

    Returns:
        int64, shape (m,), positions of the images, in rising order; float32, shape (n,), weights.
    """
    weights = np.ones(len(losses), np.float32)
    if not skips(skipping, epoch, epochs):
        return np.arange(len(losses)), weights
    easy = np.argsort(losses, kind="stable")[: int(EASY * len(losses))]
    number = len(losses) - count(len(losses), skipping, epoch, epochs)
    left_out = np.random.default_rng([seed, epoch]).permutation(easy)[:number]
    weights[easy] = len(easy) / (len(easy) - number)
    return np.setdiff1d(np.arange(len(losses)), left_out), weights
