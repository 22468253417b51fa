"""Split every class in the same proportion.

Read phase 2 through "Split first". Use plain Python: no NumPy. The module random, Python's own, is
allowed. Complete the function, then type: fmnist check stratified_split
"""

import random


def stratified_split(labels, one_in=5, seed=0):
    """Return which images are for training, for validation and for testing.

    Within each class the images are drawn at random, without regard to their order in the file and
    to what was drawn in other classes. Of a class with m images, m // one_in are for validation,
    m // one_in others for testing, and the rest is for training.

    Args:
        labels: sequence of int, the class of each image; in any order, also sorted.
        one_in: int, at least 3.
        seed: int; the same seed always gives the same split, another seed another one.

    Returns:
        tuple (train, validation, test) of three lists of int: positions in `labels`, ascending.

    Example:
        >>> parts = stratified_split([8, 8, 8, 8, 8, 8, 3, 3], one_in=3, seed=1)
        >>> [len(part) for part in parts]
        [4, 2, 2]
    """
    raise NotImplementedError("Replace this line with your answer.")
