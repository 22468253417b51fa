"""Misconception: schedule-parts-count-alike

caught-by: test_falls_along_half_a_cosine[halfway after a warm-up]
says: Where the warm-up ends the way down begins
"""

import math


def warmup_cosine(step, steps, peak, warmup):
    if step < warmup:
        return peak * step / warmup
    return peak * (1 + math.cos(math.pi * step / steps)) / 2
