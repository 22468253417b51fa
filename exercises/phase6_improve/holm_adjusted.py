"""P values that have been told how many comparisons there were.

Read phase 6 through "One change at a time". Use plain Python: no NumPy. Fill the three gaps,
then type: fmnist check holm_adjusted
"""


def holm_adjusted(p_values):
    """Return p values adjusted for their number by the method of Holm.

    The smallest of k p values is multiplied by k, the next by k - 1, and so on: by the number of
    comparisons that are still open. None may end smaller than the one before it, and none above 1.

    Args:
        p_values: sequence of k floats in [0, 1], k at least 1: one for each comparison that was
            made, also the dull ones.

    Returns:
        list of k floats in [0, 1]: the adjusted p values, in the order given.

    Example:
        >>> holm_adjusted([0.5, 0.125])
        [0.5, 0.25]
    """
    k = len(p_values)
    order = sorted(range(k), key=lambda position: p_values[position])  # the smallest p value first
    adjusted = [0.0] * k
    largest = 0.0  # of the adjusted p values so far
    for rank in range(k):
        position = order[rank]
        raise NotImplementedError("Here, p value times comparisons still open.")
        raise NotImplementedError("Here, see that the numbers never fall.")
        raise NotImplementedError("Here, put it, at most 1, where it belongs.")
    return adjusted
