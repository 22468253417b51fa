"""Misconception: more-draws-know-more

caught-by: test_more_draws_do_not_narrow_the_interval
says: they do not make it smaller
"""

import numpy as np


def drop_interval(correct_plain, correct_changed, draws=1000, seed=0):
    lost = correct_plain.astype(int) - correct_changed
    n = len(lost)
    picked = np.random.default_rng(seed).integers(0, n, (draws, n))
    drops = lost[picked].mean(axis=1)
    half = 1.96 * drops.std(ddof=1) / np.sqrt(draws)
    drop = lost.mean()
    return float(drop), float(drop - half), float(drop + half)
