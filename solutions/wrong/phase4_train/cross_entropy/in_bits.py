"""Misconception: any-logarithm-will-do

caught-by: test_small_cases[ten equal logits]
says: with another base the unit is no longer the nat
"""

import math


def cross_entropy(logits, label):
    largest = max(logits)
    total = sum(math.exp(logit - largest) for logit in logits)
    return math.log2(total) - (logits[label] - largest) * math.log2(math.e)
