"""Random features: a hidden layer that is never trained, and a last layer that is solved for.

With as many features as training images the last layer can just fit every label, and must take
huge weights to do so; with fewer it cannot, and with more it has a choice and takes the smallest.

Source: Belkin, Hsu, Ma and Mandal (2019), arXiv:1812.11118.
"""

import numpy as np

from fmnist.data.splits import CLASS_NAMES, Split


def right(
    training: Split, asked: Split, *, features: int, seed: int
) -> tuple[np.ndarray, np.ndarray]:
    """Return which images a last layer on random features is right about.

    Args:
        training: images for which the last layer is solved, by least squares on their labels.
        asked: other images.
        features: how many there are: ReLU of a random weighted sum of the pixels.
        seed: of the random weights.

    Returns:
        bool, shape (n,), for the training images; bool, shape (m,), for the others.
    """
    pixels = training.images.astype(np.float64)
    mean, deviation = pixels.mean(), pixels.std()
    side = training.images[0].size
    weights = np.random.default_rng(seed).normal(0, side**-0.5, (side, features))

    def hidden(split: Split) -> np.ndarray:
        flat = (split.images.reshape(len(split), side) - mean) / deviation
        return np.maximum(flat @ weights, 0)

    wanted = np.eye(len(CLASS_NAMES))[training.labels]
    last, *_ = np.linalg.lstsq(hidden(training), wanted)  # of all that fit, the smallest
    first, second = (
        (hidden(split) @ last).argmax(axis=1) == split.labels for split in (training, asked)
    )
    return first, second
