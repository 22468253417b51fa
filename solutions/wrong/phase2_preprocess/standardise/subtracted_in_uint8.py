"""Misconception: uint8-can-go-below-zero

caught-by: test_dark_pixels_fall_below_zero
says: which uint8 cannot hold
"""

import numpy as np


def standardise(train_images, images):
    mean = round(train_images.mean())
    return ((images - mean) / train_images.std()).astype(np.float32)
