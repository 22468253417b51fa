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
    # One number per image: 1 if the change made it wrong, -1 if it made it right, 0 if nothing
    # happened. NumPy refuses to subtract bools, hence int8.
    lost = correct_plain.astype(np.int8) - correct_changed
    n = len(lost)
    picked = np.random.default_rng(seed).integers(0, n, (draws, n))
    # Each draw takes an image with both its answers: the pair stays together.
    drops = lost[picked].mean(axis=1)
    low, high = np.percentile(drops, [2.5, 97.5])
    return float(lost.mean()), float(low), float(high)
    # For a mean, the formula of paired_gain times 1.96 gives nearly the same interval at once. The
    # bootstrap needs no formula: it works for a median, a recall or a calibration error, too. With
    # very few images, both are too narrow.
