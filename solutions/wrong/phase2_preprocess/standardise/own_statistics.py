"""Misconception: own-statistics

caught-by: test_brighter_images_stay_brighter
says: Mean and standard deviation come from the training images alone
"""

import numpy as np


def standardise(train_images, images):
    return ((images - images.mean()) / max(images.std(), 1.0)).astype(np.float32)
