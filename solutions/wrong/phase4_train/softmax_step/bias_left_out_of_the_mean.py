"""Misconception: batch-loss-is-a-sum

caught-by: test_every_image_twice_is_the_same_step
says: a sum would step twice as far
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
    return weights - rate * images.T @ error / len(labels), bias - rate * error.sum(axis=0), loss
