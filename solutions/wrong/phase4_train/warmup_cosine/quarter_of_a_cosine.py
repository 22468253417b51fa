"""Misconception: any-fall-to-0-is-the-cosine

caught-by: test_falls_along_half_a_cosine[halfway without warm-up]
says: Half a cosine falls as much in the first half of the way down as in the second
"""

import math


def warmup_cosine(step, steps, peak, warmup):
    if step < warmup:
        return peak * step / warmup
    return peak * math.cos(math.pi / 2 * (step - warmup) / (steps - warmup))
