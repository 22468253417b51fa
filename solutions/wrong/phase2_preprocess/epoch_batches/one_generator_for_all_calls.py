"""Misconception: one-generator-for-all

caught-by: test_an_epoch_can_be_repeated
says: An epoch must be repeatable without those before it
"""

import numpy as np

DRAW = np.random.default_rng(0)


def epoch_batches(images, labels, batch_size, seed, epoch):
    order = DRAW.permutation(len(images))
    cuts = range(batch_size, len(images), batch_size)
    return [(images[one], labels[one]) for one in np.split(order, cuts)]
