"""Misconception: sorting-keeps-positions

caught-by: test_the_order_is_kept
says: in the place where it was given
"""


def holm_adjusted(p_values):
    k = len(p_values)
    adjusted = []
    largest = 0.0
    for rank, p in enumerate(sorted(p_values)):
        largest = max(largest, (k - rank) * p)
        adjusted.append(min(1.0, largest))
    return adjusted
