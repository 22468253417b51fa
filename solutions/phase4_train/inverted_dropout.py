"""Dropout, as a layer applies it.

Read phase 4 through "Seven medicines". An answer may import numpy. Complete the function,
then type: fmnist check inverted_dropout
"""

import numpy as np


def inverted_dropout(activations, rate, seed, training):
    """Return the activations of a batch after dropout.

    In training each activation is dropped, that is, set to 0, with probability `rate`,
    independently of all others, and what is kept is scaled up so that the expected value of each
    activation stays what it was. In prediction nothing happens to them.

    Which ones are kept follows from the seed: `np.random.default_rng(seed)` draws as many numbers
    in [0, 1) as there are activations, in one call of `random` with their shape, and an activation
    is dropped if its number is below `rate`.

    Args:
        activations: float32, shape (n, features), of n images.
        rate: float, at least 0 and below 1.
        seed: int, at least 0.
        training: bool, whether the network is being trained.

    Returns:
        float32, shape (n, features), a new array.

    Example:
        >>> features = np.array([[1.0, 2.0, 3.0, 4.0]], dtype=np.float32)
        >>> inverted_dropout(features, 0.5, 0, training=True).tolist()
        [[2.0, 0.0, 0.0, 0.0]]
        >>> inverted_dropout(features, 0.5, 0, training=False).tolist()
        [[1.0, 2.0, 3.0, 4.0]]
    """
    if not training:
        return activations.copy()
    kept = np.random.default_rng(seed).random(activations.shape) >= rate
    # A share of 1 - rate is kept: divided by it, the mean over many masks is the activation.
    return activations * kept / np.float32(1 - rate)
    # The first paper on dropout left training as it was and multiplied by 1 - rate in prediction.
    # Inverted dropout does the scaling in training, so that a finished network needs to know
    # nothing of it; all libraries of today do that.
