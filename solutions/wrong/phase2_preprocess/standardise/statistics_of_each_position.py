"""Misconception: statistics-of-each-position

caught-by: test_one_mean_and_one_standard_deviation
says: the difference between two positions is what shows the garment
"""

import numpy as np


def standardise(train_images, images):
    mean, deviation = train_images.mean(axis=0), train_images.std(axis=0)
    return ((images - mean) / np.maximum(deviation, 1)).astype(np.float32)
