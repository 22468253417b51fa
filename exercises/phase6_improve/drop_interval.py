"""How much accuracy is lost on changed images, and how sure is that?

Read phase 6 through "Images from elsewhere". An answer may import numpy. Complete the function,
then type: fmnist check drop_interval
"""

import numpy as np


def drop_interval(correct_plain, correct_changed, draws=1000, seed=0):
    """Return the loss of accuracy on changed images, and its 95 % interval by the bootstrap.

    One draw takes n images out of the n with replacement, some several times and some never, and
    computes the loss on them. The interval reaches from the 2.5th to the 97.5th percentile of all
    draws. Begin with

        rng = np.random.default_rng(seed)
        picked = rng.integers(0, n, (draws, n))

    whose row d holds the positions of the images of draw d.

    Args:
        correct_plain: bool, shape (n,), n at least 2: whether the network is right on each image.
        correct_changed: bool, shape (n,): whether it is right on the same images, changed.
        draws: number of draws, at least 100.
        seed: of the random numbers.

    Returns:
        tuple (drop, low, high) of three floats: the accuracy on plain images minus that on changed
        ones, as a fraction, and the ends of the interval (np.percentile as it is).

    Example:
        >>> plain = np.array([True, True, False, True])
        >>> changed = np.array([False, False, False, False])
        >>> drop_interval(plain, changed, draws=200, seed=1)
        (0.75, 0.25, 1.0)
    """
    raise NotImplementedError("Replace this line with your answer.")
