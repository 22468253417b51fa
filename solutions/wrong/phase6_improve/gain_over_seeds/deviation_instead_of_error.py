"""Misconception: spread-is-error-of-mean

caught-by: test_more_seeds_say_more
says: A mean over more seeds is known better
"""

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
    gain = statistics.mean(gains)
    half = STUDENT[len(gains) - 1] * statistics.stdev(gains)
    return gain, gain - half, gain + half
