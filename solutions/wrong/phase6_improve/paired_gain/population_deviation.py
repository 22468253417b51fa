"""Misconception: deviation-with-n

caught-by: test_error_is_that_of_a_mean
says: Dividing by n - 1 makes up for it
"""

import math


def paired_gain(correct_a, correct_b):
    differences = [int(b) - int(a) for a, b in zip(correct_a, correct_b, strict=True)]
    n = len(differences)
    gain = sum(differences) / n
    variance = sum((difference - gain) ** 2 for difference in differences) / n
    return gain, math.sqrt(variance / n)
