"""Misconception: mirror-is-any-flip

caught-by: test_left_and_right_do_not_matter
says: A mirror exchanges left and right
"""

import numpy as np


def with_mirror(images, kernel, bias):
    stated = []
    for seen in (images, images[:, ::-1]):
        logits = seen.reshape(len(seen), -1) @ kernel + bias
        powers = np.exp(logits - logits.max(axis=1, keepdims=True))
        stated.append(powers / powers.sum(axis=1, keepdims=True))
    return (stated[0] + stated[1]) / 2
