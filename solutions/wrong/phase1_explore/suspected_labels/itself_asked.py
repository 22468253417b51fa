"""Misconception: own-image-is-a-neighbour

caught-by: test_an_image_has_no_vote_on_itself[one neighbour]
says: would always vote for its own label
"""

import numpy as np


def suspected_labels(images, labels, k=5):
    rows = images.reshape(len(images), -1).astype(np.int64)
    positions, suggested = [], []
    for position, row in enumerate(rows):
        order = np.argsort(((rows - row) ** 2).sum(axis=1), kind="stable")
        nearest = order[:k]
        votes = np.bincount(labels[nearest], minlength=10)
        most = votes.argmax()
        if 2 * votes[most] > k and most != labels[position]:
            positions.append(position)
            suggested.append(most)
    return np.array(positions, dtype=np.int64), np.array(suggested, dtype=np.int64)
