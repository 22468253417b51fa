"""Misconception: draws-are-shuffles

caught-by: test_draws_differ
says: Without replacement it holds the same images
"""

import numpy as np


def drop_interval(correct_plain, correct_changed, draws=1000, seed=0):
    lost = correct_plain.astype(int) - correct_changed
    rng = np.random.default_rng(seed)
    drops = [rng.permutation(lost).mean() for _ in range(draws)]
    low, high = np.percentile(drops, [2.5, 97.5])
    return float(lost.mean()), float(low), float(high)
