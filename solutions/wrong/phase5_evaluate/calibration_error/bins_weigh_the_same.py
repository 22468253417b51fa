"""Misconception: averages-weigh-alike

caught-by: test_every_image_weighs_the_same
says: A bin weighs as much as it has images
"""

import numpy as np


def calibration_error(probabilities, labels, bins=15):
    confidence = probabilities.max(axis=1)
    right = probabilities.argmax(axis=1) == labels
    place = np.ceil(confidence * bins).astype(np.int64) - 1
    gaps = [
        abs(confidence[place == b].mean() - right[place == b].mean())
        for b in range(bins)
        if (place == b).any()
    ]
    return float(np.mean(gaps))
