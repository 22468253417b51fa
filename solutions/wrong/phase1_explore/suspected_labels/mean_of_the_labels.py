"""Misconception: labels-are-quantities

caught-by: test_labels_are_names
says: votes are counted, not averaged
"""

import numpy as np


def suspected_labels(images, labels, k=5):
    rows = images.reshape(len(images), -1).astype(np.int64)
    positions, suggested = [], []
    for position, row in enumerate(rows):
        order = np.argsort(((rows - row) ** 2).sum(axis=1), kind="stable")
        nearest = order[order != position][:k]
        mean = round(float(labels[nearest].mean()))
        if mean != labels[position]:
            positions.append(position)
            suggested.append(mean)
    return np.array(positions, dtype=np.int64), np.array(suggested, dtype=np.int64)
