"""Misconception: one-shift-for-all-images

caught-by: test_a_dark_image_beside_a_bright_one[663]
says: Each row of logits has a largest one of its own
"""

import numpy as np


def with_mirror(images, kernel, bias):
    stated = []
    for seen in (images, images[:, :, ::-1]):
        logits = seen.reshape(len(seen), -1) @ kernel + bias
        powers = np.exp(logits - logits.max())
        stated.append(powers / powers.sum(axis=1, keepdims=True))
    return (stated[0] + stated[1]) / 2
