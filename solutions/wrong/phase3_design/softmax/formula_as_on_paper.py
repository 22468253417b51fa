"""Misconception: right-on-paper

caught-by: test_large_logits[100]
says: infinity divided by infinity is no number
"""

import numpy as np


def softmax(logits):
    powers = np.exp(logits)
    return powers / powers.sum(axis=1, keepdims=True)
