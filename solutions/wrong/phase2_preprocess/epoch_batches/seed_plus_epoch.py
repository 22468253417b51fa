"""Misconception: seeds-can-be-added

caught-by: test_runs_do_not_share_orders
says: If seed and epoch are added
"""

import numpy as np


def epoch_batches(images, labels, batch_size, seed, epoch):
    order = np.random.default_rng(seed + epoch).permutation(len(images))
    cuts = range(batch_size, len(images), batch_size)
    return [(images[one], labels[one]) for one in np.split(order, cuts)]
