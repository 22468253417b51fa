"""Misconception: clipping-makes-logarithms-safe

caught-by: test_far_from_zero[sure and wrong]
says: a probability that is cut off makes all great errors equally cheap
"""

import math


def cross_entropy(logits, label):
    largest = max(logits)
    exponentials = [math.exp(logit - largest) for logit in logits]
    return -math.log(max(exponentials[label] / sum(exponentials), 1e-7))
