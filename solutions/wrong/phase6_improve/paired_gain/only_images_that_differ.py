"""Misconception: agreement-is-no-data

caught-by: test_gain_is_a_share_of_all_images[one in four]
says: counts as 0, and it counts
"""

import math


def paired_gain(correct_a, correct_b):
    pairs = zip(correct_a, correct_b, strict=True)
    differences = [int(b) - int(a) for a, b in pairs if a != b]
    n = len(differences)
    if n < 2:
        return float(sum(differences)), 0.0
    gain = sum(differences) / n
    variance = sum((difference - gain) ** 2 for difference in differences) / (n - 1)
    return gain, math.sqrt(variance / n)
