"""Misconception: disagreement-is-agreement-on-another

caught-by: test_neighbours_must_agree[all different]
says: It is not enough that many neighbours have other labels
"""

import numpy as np


def suspected_labels(images, labels, k=5):
    rows = images.reshape(len(images), -1).astype(np.int64)
    positions, suggested = [], []
    for position, row in enumerate(rows):
        order = np.argsort(((rows - row) ** 2).sum(axis=1), kind="stable")
        nearest = order[order != position][:k]
        others = labels[nearest][labels[nearest] != labels[position]]
        if 2 * len(others) > k:
            positions.append(position)
            suggested.append(np.bincount(others).argmax())
    return np.array(positions, dtype=np.int64), np.array(suggested, dtype=np.int64)
