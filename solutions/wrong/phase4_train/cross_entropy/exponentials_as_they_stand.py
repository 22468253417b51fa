"""Misconception: formulas-can-be-typed-as-they-stand

caught-by: test_far_from_zero[very sure and wrong]
says: Take the largest logit out before you use exp
"""

import math


def cross_entropy(logits, label):
    total = sum(math.exp(logit) for logit in logits)
    return -math.log(math.exp(logits[label]) / total)
