"""Misconception: logits-share-a-scale

caught-by: test_probabilities_are_averaged
says: Average what the network says of each view
"""

import numpy as np


def with_mirror(images, kernel, bias):
    logits = [seen.reshape(len(seen), -1) @ kernel + bias for seen in (images, images[:, :, ::-1])]
    mean = (logits[0] + logits[1]) / 2
    powers = np.exp(mean - mean.max(axis=1, keepdims=True))
    return powers / powers.sum(axis=1, keepdims=True)
