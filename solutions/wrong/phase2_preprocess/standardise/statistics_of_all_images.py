"""Misconception: statistics-of-all-images

caught-by: test_one_image_does_not_depend_on_its_neighbours
says: statistics of other images would leak them into the preprocessing
"""

import numpy as np


def standardise(train_images, images):
    everything = np.concatenate([train_images, images]).astype(np.float64)
    return ((images - everything.mean()) / everything.std()).astype(np.float32)
