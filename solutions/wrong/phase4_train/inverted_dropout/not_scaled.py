"""Misconception: dropout-only-sets-to-0

caught-by: test_two_values_in_training[0.25]
says: What is kept must make up for it
"""

import numpy as np


def inverted_dropout(activations, rate, seed, training):
    if not training:
        return activations.copy()
    kept = np.random.default_rng(seed).random(activations.shape) >= rate
    return activations * kept
