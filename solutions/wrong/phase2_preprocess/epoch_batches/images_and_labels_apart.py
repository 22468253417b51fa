"""Misconception: shuffled-twice-is-shuffled-alike

caught-by: test_an_image_keeps_its_label
says: An image and its label are one sample
"""

import numpy as np


def epoch_batches(images, labels, batch_size, seed, epoch):
    draw = np.random.default_rng([seed, epoch])
    images, labels = draw.permutation(images), draw.permutation(labels)
    return [
        (images[start : start + batch_size], labels[start : start + batch_size])
        for start in range(0, len(images), batch_size)
    ]
