"""Misconception: one-mask-fits-the-batch

caught-by: test_every_image_has_its_own_mask
says: Each image has a mask of its own
"""

import numpy as np


def inverted_dropout(activations, rate, seed, training):
    if not training:
        return activations.copy()
    kept = np.random.default_rng(seed).random(activations.shape[1]) >= rate
    return activations * kept / np.float32(1 - rate)
