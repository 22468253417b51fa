"""Misconception: any-difference-is-distance

caught-by: test_small_cases[worked by hand]
says: the length of the straight line between two points
"""

import numpy as np


def nearest_images(images, position, count=1):
    rows = images.reshape(len(images), -1) / 255
    distances = np.abs(rows - rows[position]).sum(axis=1)
    order = np.argsort(distances, kind="stable")
    nearest = order[order != position][:count]
    return nearest, distances[nearest]
