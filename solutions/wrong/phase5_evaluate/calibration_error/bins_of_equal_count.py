"""Misconception: bins-hold-equal-numbers

caught-by: test_bins_are_equally_wide[7]
says: The bins are of equal width on the scale of confidence
"""

import numpy as np


def calibration_error(probabilities, labels, bins=15):
    confidence = probabilities.max(axis=1)
    right = probabilities.argmax(axis=1) == labels
    order = np.argsort(confidence, kind="stable")
    total = 0.0
    for inside in np.array_split(order, bins):
        if inside.size:
            gap = abs(confidence[inside].mean() - right[inside].mean())
            total += inside.size / len(labels) * gap
    return float(total)
