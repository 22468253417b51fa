"""Misconception: dropout-is-always-on

caught-by: test_prediction_changes_nothing[0.3]
says: A finished network uses all its features, as they are
"""

import numpy as np


def inverted_dropout(activations, rate, seed, training):
    kept = np.random.default_rng(seed).random(activations.shape) >= rate
    return activations * kept / np.float32(1 - rate)
