"""Exercise 2.1: standardise images with what the training images tell.

Read phase 2 up to "Statistics". Complete the function, then type: fmnist check standardise
"""

import numpy as np


def standardise(train_images, images):
    """Return `images` on the scale on which the training images have mean 0 and deviation 1.

    Args:
        train_images: uint8, shape (n, rows, columns), in [0, 255]; not all pixels equal.
        images: uint8, shape (m, rows, columns), in [0, 255]: training, validation or test images.

    Returns:
        float32, shape (m, rows, columns): each pixel minus the mean, divided by the standard
        deviation, both single numbers computed over all pixels of `train_images`.

    Example:
        >>> train = np.array([[[0, 100]]], dtype=np.uint8)  # mean 50, standard deviation 50
        >>> standardise(train, np.array([[[200]]], dtype=np.uint8)).tolist()
        [[[3.0]]]
    """
    # The sums run over up to 47 million pixels: float64 keeps them exact enough.
    mean = train_images.mean(dtype=np.float64)
    deviation = train_images.std(dtype=np.float64)
    return ((images.astype(np.float32) - mean) / deviation).astype(np.float32)
