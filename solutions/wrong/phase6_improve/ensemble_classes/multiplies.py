"""Misconception: members-are-independent

caught-by: test_nobody_has_a_veto
says: no independent witnesses
"""

import math


def ensemble_classes(members):
    chosen = []
    for stated in zip(*members, strict=True):
        products = [math.prod(column) for column in zip(*stated, strict=True)]
        chosen.append(products.index(max(products)))
    return chosen
