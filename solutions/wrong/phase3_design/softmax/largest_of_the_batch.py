"""Misconception: one-maximum-for-all

caught-by: test_small_beside_large
says: What is taken off must belong to the row itself
"""

import numpy as np


def softmax(logits):
    powers = np.exp(logits - logits.max())
    return powers / powers.sum(axis=1, keepdims=True)
