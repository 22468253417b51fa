"""Misconception: gradient-shows-the-way-down

caught-by: test_one_image_by_hand
says: points uphill; the step goes the other way
"""

import numpy as np


def softmax_step(weights, bias, images, labels, rate):
    logits = images @ weights + bias
    logits = logits - logits.max(axis=1, keepdims=True)
    exponentials = np.exp(logits)
    totals = exponentials.sum(axis=1, keepdims=True)
    each = np.arange(len(labels))
    loss = float((np.log(totals[:, 0]) - logits[each, labels]).mean())
    error = exponentials / totals
    error[each, labels] -= 1
    error /= len(labels)
    return weights + rate * images.T @ error, bias + rate * error.sum(axis=0), loss
