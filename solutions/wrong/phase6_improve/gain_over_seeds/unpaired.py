"""Misconception: errors-add-up-unpaired

caught-by: test_what_both_recipes_share_does_not_count
says: What a seed does to both cancels in its gain
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
    n = len(accuracies_a)
    gain = statistics.mean(accuracies_b) - statistics.mean(accuracies_a)
    variance = statistics.variance(accuracies_a) + statistics.variance(accuracies_b)
    half = STUDENT[n - 1] * math.sqrt(variance / n)
    return gain, gain - half, gain + half
