"""Misconception: loss-after-the-step

caught-by: test_the_loss_is_that_before_the_step
says: The gradient and the loss belong to the same parameters, those before the step
"""

import numpy as np


def probabilities_of(images, weights, bias):
    logits = images @ weights + bias
    exponentials = np.exp(logits - logits.max(axis=1, keepdims=True))
    return exponentials / exponentials.sum(axis=1, keepdims=True)


def softmax_step(weights, bias, images, labels, rate):
    each = np.arange(len(labels))
    error = probabilities_of(images, weights, bias)
    error[each, labels] -= 1
    error /= len(labels)
    weights = weights - rate * images.T @ error
    bias = bias - rate * error.sum(axis=0)
    true = probabilities_of(images, weights, bias)[each, labels]
    return weights, bias, float(-np.log(true).mean())
