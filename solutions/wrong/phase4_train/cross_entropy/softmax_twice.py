"""Misconception: one-more-softmax-does-no-harm

caught-by: test_small_cases[worked by hand]
says: the probability that one softmax gives to the true class
"""

import math


def cross_entropy(logits, label):
    largest = max(logits)
    exponentials = [math.exp(logit - largest) for logit in logits]
    probabilities = [exponential / sum(exponentials) for exponential in exponentials]
    return math.log(sum(math.exp(p) for p in probabilities)) - probabilities[label]
