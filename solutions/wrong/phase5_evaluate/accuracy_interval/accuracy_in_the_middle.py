"""Misconception: interval-is-symmetric

caught-by: test_each_end_is_just_not_refuted[all of four]
says: the accuracy is not its middle
"""

import math


def accuracy_interval(correct, z=1.96):
    n = len(correct)
    accuracy = sum(1 for is_right in correct if is_right) / n
    r = z * z / n
    half = math.sqrt(r * accuracy * (1 - accuracy) + r * r / 4) / (1 + r)
    return accuracy, max(0.0, accuracy - half), min(1.0, accuracy + half)
