"""Misconception: one-shuffle-is-enough

caught-by: test_each_epoch_has_its_own_order
says: Each epoch needs an order of its own
"""

import numpy as np


def epoch_batches(images, labels, batch_size, seed, epoch):
    order = np.random.default_rng(seed).permutation(len(images))
    cuts = range(batch_size, len(images), batch_size)
    return [(images[one], labels[one]) for one in np.split(order, cuts)]
