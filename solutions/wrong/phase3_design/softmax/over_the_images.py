"""Misconception: softmax-over-the-batch

caught-by: test_each_image_for_itself
says: The other images of the batch have no say in it
"""

import numpy as np


def softmax(logits):
    powers = np.exp(logits - logits.max(axis=0))
    return powers / powers.sum(axis=0)
