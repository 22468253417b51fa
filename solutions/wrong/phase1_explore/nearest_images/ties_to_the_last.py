"""Misconception: ties-do-not-matter

caught-by: test_ties_go_to_the_lower_position
says: the lower position comes first
"""

import numpy as np


def nearest_images(images, position, count=1):
    rows = images.reshape(len(images), -1) / 255
    distances = np.sqrt(((rows - rows[position]) ** 2).sum(axis=1))
    order = np.argsort(-distances, kind="stable")[::-1]
    nearest = order[order != position][:count]
    return nearest, distances[nearest]
