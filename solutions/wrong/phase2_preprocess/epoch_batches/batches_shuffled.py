"""Misconception: shuffling-batches-is-enough

caught-by: test_batches_are_composed_anew
says: The images are shuffled, not the batches
"""

import numpy as np


def epoch_batches(images, labels, batch_size, seed, epoch):
    draw = np.random.default_rng([seed, epoch])
    batches = [
        (images[start : start + batch_size], labels[start : start + batch_size])
        for start in range(0, len(images), batch_size)
    ]
    full = len(images) // batch_size
    order = [*draw.permutation(full).tolist(), *range(full, len(batches))]
    return [batches[number] for number in order]
