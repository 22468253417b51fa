"""Misconception: occlusion-only-hurts

caught-by: test_what_speaks_against_the_class_is_negative
says: the map must say so with a number below 0
"""

import numpy as np


def probabilities(image, weights, biases):
    logits = np.tensordot(image.astype(np.float64), weights, axes=2) + biases
    powers = np.exp(logits - logits.max())
    return powers / powers.sum()


def occlusion_map(image, weights, biases, label, size=3, background=0.0):
    rows, columns = image.shape
    whole = probabilities(image, weights, biases)[label]
    drops = np.empty((rows - size + 1, columns - size + 1))
    for row in range(drops.shape[0]):
        for column in range(drops.shape[1]):
            covered = image.copy()
            covered[row : row + size, column : column + size] = background
            drops[row, column] = whole - probabilities(covered, weights, biases)[label]
    return np.abs(drops)
