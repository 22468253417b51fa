"""Misconception: uint8-can-go-below-zero

caught-by: test_black_is_far_from_white
says: black comes out close to white
"""

import numpy as np


def nearest_images(images, position, count=1):
    squared = ((images - images[position]) ** 2).sum(axis=(1, 2))
    order = np.argsort(squared, kind="stable")
    nearest = order[order != position][:count]
    return nearest, np.sqrt(squared[nearest]) / 255
