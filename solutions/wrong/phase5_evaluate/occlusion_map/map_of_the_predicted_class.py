"""Misconception: map-explains-the-prediction

caught-by: test_the_map_is_for_the_class_asked_for[2]
says: The map is for the class that was asked for
"""

import numpy as np


def probabilities(image, weights, biases):
    logits = np.tensordot(image.astype(np.float64), weights, axes=2) + biases
    powers = np.exp(logits - logits.max())
    return powers / powers.sum()


def occlusion_map(image, weights, biases, label, size=3, background=0.0):
    rows, columns = image.shape
    label = int(probabilities(image, weights, biases).argmax())
    whole = probabilities(image, weights, biases)[label]
    drops = np.empty((rows - size + 1, columns - size + 1))
    for row in range(drops.shape[0]):
        for column in range(drops.shape[1]):
            covered = image.copy()
            covered[row : row + size, column : column + size] = background
            drops[row, column] = whole - probabilities(covered, weights, biases)[label]
    return drops
