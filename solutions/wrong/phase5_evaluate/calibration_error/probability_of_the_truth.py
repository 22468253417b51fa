"""Misconception: confidence-in-the-true-class

caught-by: test_confidence_is_that_of_the_prediction
says: The confidence is what the network promises for its own prediction
"""

import numpy as np


def calibration_error(probabilities, labels, bins=15):
    confidence = probabilities[np.arange(len(labels)), labels]
    right = probabilities.argmax(axis=1) == labels
    place = np.clip(np.ceil(confidence * bins).astype(np.int64) - 1, 0, bins - 1)
    sums = np.bincount(place, weights=confidence - right, minlength=bins)
    return float(np.abs(sums).sum() / len(labels))
