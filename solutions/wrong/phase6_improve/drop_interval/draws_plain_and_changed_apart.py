"""Misconception: errors-add-up-unpaired

caught-by: test_images_stay_with_their_changed_versions
says: Each changed image belongs to a plain one
"""

import numpy as np


def drop_interval(correct_plain, correct_changed, draws=1000, seed=0):
    n = len(correct_plain)
    rng = np.random.default_rng(seed)
    plain = correct_plain[rng.integers(0, n, (draws, n))].mean(axis=1)
    changed = correct_changed[rng.integers(0, n, (draws, n))].mean(axis=1)
    low, high = np.percentile(plain - changed, [2.5, 97.5])
    return float(correct_plain.mean() - correct_changed.mean()), float(low), float(high)
