"""Misconception: uint8-can-go-below-zero

caught-by: test_black_is_far_from_white
says: has no room even in int16
"""

import numpy as np


def nearest_images(images, position, count=1):
    gaps = images.astype(np.int16) - images[position].astype(np.int16)
    squared = (gaps**2).sum(axis=(1, 2)).clip(0)
    order = np.argsort(squared, kind="stable")
    nearest = order[order != position][:count]
    return nearest, np.sqrt(squared[nearest]) / 255
