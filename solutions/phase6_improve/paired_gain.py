"""Is model B better than model A on the same images?

Read phase 6 through "Pairs". Use plain Python: no NumPy. Complete the function,
then type: fmnist check paired_gain
"""

import math


def paired_gain(correct_a, correct_b):
    """Return by how much B is more accurate than A, and the standard error of that gain.

    Args:
        correct_a: sequence of n bools, n at least 2: whether model A is right on each image.
        correct_b: sequence of n bools: whether model B is right on the same images.

    Returns:
        tuple (gain, error) of two floats: the accuracy of B minus the accuracy of A, as a
        fraction, and the standard error of the mean of the n differences, one per image
        (standard deviation with n - 1, divided by the square root of n).

    Example:
        >>> gain, error = paired_gain([True, False, False, True], [True, True, False, True])
        >>> gain, error
        (0.25, 0.25)
    """
    # One difference per image: 0 where both are right or both are wrong. Those images, the
    # great majority, do not say which is better and add little to the error.
    differences = [int(b) - int(a) for a, b in zip(correct_a, correct_b, strict=True)]
    n = len(differences)
    gain = sum(differences) / n
    variance = sum((difference - gain) ** 2 for difference in differences) / (n - 1)
    return gain, math.sqrt(variance / n)
    # statistics.mean(differences) and statistics.stdev(differences) / math.sqrt(n) give the same
    # and are shorter. Counting is enough, too: with b images that only B has right and a that only
    # A has right, the gain is (b - a) / n and the variance (b + a - n * gain**2) / (n - 1).
