"""Misconception: formulas-can-be-typed-as-they-stand

caught-by: test_far_from_zero[very sure and wrong]
says: a small probability is lost below the smallest one
"""

import math


def cross_entropy(logits, label):
    largest = max(logits)
    exponentials = [math.exp(logit - largest) for logit in logits]
    true = exponentials[label] / sum(exponentials)
    return math.inf if true == 0 else -math.log(true)
