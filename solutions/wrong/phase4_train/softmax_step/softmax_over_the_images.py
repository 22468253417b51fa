"""Misconception: any-axis-adds-up-to-one

caught-by: test_one_image_by_hand
says: Both classes of the image get the probability 1/2
"""

import numpy as np


def softmax_step(weights, bias, images, labels, rate):
    logits = images @ weights + bias
    logits = logits - logits.max(axis=0, keepdims=True)
    exponentials = np.exp(logits)
    totals = exponentials.sum(axis=0, keepdims=True)
    each = np.arange(len(labels))
    error = exponentials / totals
    loss = float(-np.log(error[each, labels]).mean())
    error[each, labels] -= 1
    error /= len(labels)
    return weights - rate * images.T @ error, bias - rate * error.sum(axis=0), loss
