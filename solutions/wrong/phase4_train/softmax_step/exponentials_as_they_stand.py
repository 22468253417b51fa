"""Misconception: formulas-can-be-typed-as-they-stand

caught-by: test_large_logits
says: A large logit must not become an infinite number on the way
"""

import numpy as np


def softmax_step(weights, bias, images, labels, rate):
    logits = images @ weights + bias
    exponentials = np.exp(logits)
    totals = exponentials.sum(axis=1, keepdims=True)
    each = np.arange(len(labels))
    loss = float((np.log(totals[:, 0]) - logits[each, labels]).mean())
    error = exponentials / totals
    error[each, labels] -= 1
    error /= len(labels)
    return weights - rate * images.T @ error, bias - rate * error.sum(axis=0), loss
