"""Misconception: schedule-parts-count-alike

caught-by: test_ends_at_0[4]
says: The share of the way down must be 1 there
"""

import math


def warmup_cosine(step, steps, peak, warmup):
    if step < warmup:
        return peak * step / warmup
    return peak * (1 + math.cos(math.pi * (step - warmup) / steps)) / 2
