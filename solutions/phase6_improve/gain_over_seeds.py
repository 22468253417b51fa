"""What does a recipe gain over all seeds?

Read phase 6 through "Pairs". Use plain Python: no NumPy. Complete the function,
then type: fmnist check gain_over_seeds
"""

import math

# Half the width of a 95 % interval in standard errors, by degrees of freedom: Student's t
# distribution, quantile 0.975. With infinitely many degrees it would be 1.960.
STUDENT = {
    1: 12.706,
    2: 4.303,
    3: 3.182,
    4: 2.776,
    5: 2.571,
    6: 2.447,
    7: 2.365,
    8: 2.306,
    9: 2.262,
    10: 2.228,
}


def gain_over_seeds(accuracies_a, accuracies_b):
    """Return the mean gain of recipe B over recipe A, and its 95 % interval over seeds.

    Args:
        accuracies_a: sequence of n floats in [0, 1], n from 2 to 10: the validation accuracy of
            recipe A from each seed.
        accuracies_b: sequence of n floats in [0, 1]: that of recipe B from the same seeds, in the
            same order.

    Returns:
        tuple (gain, low, high) of three floats: the mean of the n gains, one per seed, and the
        interval around it, half as wide as Student's quantile (see STUDENT) times the standard
        error of that mean.

    Example:
        >>> gain, low, high = gain_over_seeds([0.5, 0.75], [0.75, 0.75])  # gains 0.25 and 0
        >>> gain, round(low, 5), round(high, 5)
        (0.125, -1.46325, 1.71325)
    """
    # One gain per seed: what a seed does to both recipes, the order of the images for one, cancels.
    gains = [float(b) - float(a) for a, b in zip(accuracies_a, accuracies_b, strict=True)]
    n = len(gains)
    gain = sum(gains) / n
    # The mean was taken from the same gains: only n - 1 of the deviations from it are free.
    variance = sum((one - gain) ** 2 for one in gains) / (n - 1)
    half = STUDENT[n - 1] * math.sqrt(variance / n)
    return gain, gain - half, gain + half
    # statistics.stdev(gains) is the same deviation, and scipy.stats.ttest_rel gives interval and p
    # value at once. This interval covers other seeds on the same images.
    # fmnist.evaluation.comparison.paired covers other images as well; for that it needs right or
    # wrong for each image.
