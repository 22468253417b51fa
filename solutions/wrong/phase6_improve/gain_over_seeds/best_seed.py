"""Misconception: best-seed-counts

caught-by: test_the_mean_is_in_the_middle[two seeds]
says: The best seed is luck
"""

import math
import statistics

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
    gains = [b - a for a, b in zip(accuracies_a, accuracies_b, strict=True)]
    n = len(gains)
    gain = max(accuracies_b) - max(accuracies_a)
    half = STUDENT[n - 1] * statistics.stdev(gains) / math.sqrt(n)
    return gain, gain - half, gain + half
