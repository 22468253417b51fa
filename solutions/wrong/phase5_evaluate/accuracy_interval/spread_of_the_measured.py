"""Misconception: all-right-means-certain

caught-by: test_thirty_images_prove_nothing[all]
says: do not prove that the network never errs
"""

import math


def accuracy_interval(correct, z=1.96):
    n = len(correct)
    accuracy = sum(1 for is_right in correct if is_right) / n
    half = z * math.sqrt(accuracy * (1 - accuracy) / n)
    return accuracy, max(0.0, accuracy - half), min(1.0, accuracy + half)
