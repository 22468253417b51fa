"""Misconception: normal-quantile-for-few-seeds

caught-by: test_three_seeds_say_little
says: is for many seeds
"""

import math
import statistics


def gain_over_seeds(accuracies_a, accuracies_b):
    gains = [b - a for a, b in zip(accuracies_a, accuracies_b, strict=True)]
    gain = statistics.mean(gains)
    half = 1.96 * statistics.stdev(gains) / math.sqrt(len(gains))
    return gain, gain - half, gain + half
