"""Misconception: dropout-is-always-on

caught-by: test_prediction_changes_nothing[0.3]
says: the scaling was already done in training
"""

import numpy as np


def inverted_dropout(activations, rate, seed, training):
    if not training:
        return activations * np.float32(1 - rate)
    kept = np.random.default_rng(seed).random(activations.shape) >= rate
    return activations * kept / np.float32(1 - rate)
