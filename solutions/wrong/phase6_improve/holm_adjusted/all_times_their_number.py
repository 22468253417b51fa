"""Misconception: every-p-times-all

caught-by: test_each_counts_the_comparisons_still_open[two comparisons]
says: the next one stands against one fewer
"""


def holm_adjusted(p_values):
    return [min(1.0, len(p_values) * p) for p in p_values]
