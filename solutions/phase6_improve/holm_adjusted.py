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
        # At rank 0 all k comparisons are open. Each that has been called real leaves one fewer.
        product = (k - rank) * float(p_values[position])
        # Holm stops at the first comparison that is not called real: none after it can be. So a
        # p value may not come out below that of a comparison that was judged before it.
        largest = max(largest, product)
        adjusted[position] = min(1.0, largest)
    return adjusted
    # Bonferroni multiplies every p value by k: shorter, just as safe, and blinder. Holm is never
    # worse, so there is no reason to prefer the other. With NumPy the loop is one line:
    # np.maximum.accumulate(np.minimum(1, np.arange(k, 0, -1) * p[order])).
