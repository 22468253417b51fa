"""Misconception: dropout-rate-is-what-stays

caught-by: test_drops_the_share_that_was_asked_for[0.3]
says: The rate is the share that is dropped, not the share that is kept
"""

import numpy as np


def inverted_dropout(activations, rate, seed, training):
    if not training or rate == 0:
        return activations.copy()
    kept = np.random.default_rng(seed).random(activations.shape) < rate
    return activations * kept / np.float32(rate)
