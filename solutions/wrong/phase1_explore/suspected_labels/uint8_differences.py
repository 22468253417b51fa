"""Misconception: uint8-can-go-below-zero

caught-by: test_black_is_far_from_white
says: a black garment has white ones for neighbours
"""

import numpy as np


def suspected_labels(images, labels, k=5):
    rows = images.reshape(len(images), -1)
    positions, suggested = [], []
    for position, row in enumerate(rows):
        order = np.argsort(((rows - row) ** 2).sum(axis=1), kind="stable")
        nearest = order[order != position][:k]
        votes = np.bincount(labels[nearest], minlength=10)
        most = votes.argmax()
        if 2 * votes[most] > k and most != labels[position]:
            positions.append(position)
            suggested.append(most)
    return np.array(positions, dtype=np.int64), np.array(suggested, dtype=np.int64)
