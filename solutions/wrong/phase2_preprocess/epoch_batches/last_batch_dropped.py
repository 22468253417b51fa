"""Misconception: last-batch-does-not-matter

caught-by: test_sizes_and_images[a smaller last batch]
says: The last images form a smaller batch
"""

import numpy as np


def epoch_batches(images, labels, batch_size, seed, epoch):
    order = np.random.default_rng([seed, epoch]).permutation(len(images))
    count = len(images) // batch_size
    chosen = order[: count * batch_size].reshape(count, batch_size)
    return [(images[one], labels[one]) for one in chosen]
