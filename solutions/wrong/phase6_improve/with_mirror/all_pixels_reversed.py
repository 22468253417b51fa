"""Misconception: mirror-is-any-flip

caught-by: test_left_and_right_do_not_matter
says: the rows stay where they are
"""

import numpy as np


def with_mirror(images, kernel, bias):
    flat = images.reshape(len(images), -1)
    stated = []
    for seen in (images, flat[:, ::-1]):
        logits = seen.reshape(len(seen), -1) @ kernel + bias
        powers = np.exp(logits - logits.max(axis=1, keepdims=True))
        stated.append(powers / powers.sum(axis=1, keepdims=True))
    return (stated[0] + stated[1]) / 2
