"""Misconception: small-p-judged-alone

caught-by: test_the_numbers_never_fall[worked by hand]
says: never below that of a smaller p value
"""


def holm_adjusted(p_values):
    k = len(p_values)
    order = sorted(range(k), key=lambda position: p_values[position])
    adjusted = [0.0] * k
    for rank in range(k):
        position = order[rank]
        adjusted[position] = min(1.0, (k - rank) * p_values[position])
    return adjusted
