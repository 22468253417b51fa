"""Misconception: deviation-with-n

caught-by: test_widths_by_hand[two seeds]
says: only n - 1 of their deviations are free
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
    gain = statistics.mean(gains)
    half = STUDENT[n - 1] * statistics.pstdev(gains) / math.sqrt(n)
    return gain, gain - half, gain + half
