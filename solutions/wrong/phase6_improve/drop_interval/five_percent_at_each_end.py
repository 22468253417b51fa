"""Misconception: five-percent-at-each-end

caught-by: test_agrees_with_draws_made_one_by_one[seed 0]
says: What is left over is shared by both ends
"""

import numpy as np


def drop_interval(correct_plain, correct_changed, draws=1000, seed=0):
    lost = correct_plain.astype(int) - correct_changed
    n = len(lost)
    picked = np.random.default_rng(seed).integers(0, n, (draws, n))
    low, high = np.percentile(lost[picked].mean(axis=1), [5, 95])
    return float(lost.mean()), float(low), float(high)
