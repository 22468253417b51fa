"""Misconception: dull-comparisons-do-not-count

caught-by: test_dull_comparisons_count
says: had its chance to look real
"""


def holm_adjusted(p_values):
    k = len(p_values)
    looked_real = sum(p < 0.05 for p in p_values)
    order = sorted(range(k), key=lambda position: p_values[position])
    adjusted = [0.0] * k
    largest = 0.0
    for rank in range(k):
        position = order[rank]
        largest = max(largest, max(1, looked_real - rank) * p_values[position])
        adjusted[position] = min(1.0, largest)
    return adjusted
