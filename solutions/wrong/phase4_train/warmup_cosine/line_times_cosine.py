"""Misconception: warm-up-is-a-factor

caught-by: test_the_warm_up_is_a_line[first step]
says: then equal steps add equal amounts
"""

import math


def warmup_cosine(step, steps, peak, warmup):
    line = min(1.0, step / warmup) if warmup else 1.0
    return peak * line * (1 + math.cos(math.pi * step / steps)) / 2
