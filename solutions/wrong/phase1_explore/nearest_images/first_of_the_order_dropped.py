"""Misconception: own-image-comes-first

caught-by: test_an_image_is_not_its_own_neighbour
says: its distance of 0 does not put it first
"""

import numpy as np


def nearest_images(images, position, count=1):
    rows = images.reshape(len(images), -1) / 255
    distances = np.sqrt(((rows - rows[position]) ** 2).sum(axis=1))
    nearest = np.argsort(distances, kind="stable")[1 : count + 1]
    return nearest, distances[nearest]
