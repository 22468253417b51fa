"""Misconception: done-and-running-are-the-same

caught-by: test_the_warm_up_is_a_line[at the start]
says: Before the first step nothing has risen
"""

import math


def warmup_cosine(step, steps, peak, warmup):
    if step < warmup:
        return peak * (step + 1) / warmup
    return peak * (1 + math.cos(math.pi * (step - warmup) / (steps - warmup))) / 2
