"""Misconception: shift-never-matters

caught-by: test_small_cases[worked by hand]
says: what you take out of every exponent must come back after the logarithm
"""

import math


def cross_entropy(logits, label):
    largest = max(logits)
    total = sum(math.exp(logit - largest) for logit in logits)
    return math.log(total) - logits[label]
