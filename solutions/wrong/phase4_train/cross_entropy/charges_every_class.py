"""Misconception: other-classes-are-charged-too

caught-by: test_labels_share_one_cake
says: Only the probability of the true class enters each loss
"""

import math


def cross_entropy(logits, label):
    largest = max(logits)
    exponentials = [math.exp(logit - largest) for logit in logits]
    total = sum(exponentials)
    loss = largest + math.log(total) - logits[label]
    for other, exponential in enumerate(exponentials):
        if other != label and exponential < total:
            loss -= math.log(1 - exponential / total)
    return loss
