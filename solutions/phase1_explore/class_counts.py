"""How many images does each class have?

Read phase 1 through "Balance". Use plain Python: no NumPy. Complete the function,
then type: fmnist check class_counts
"""


def class_counts(labels, classes=10):
    """Return how often each class occurs.

    Args:
        labels: sequence of int, each from 0 to classes - 1.
        classes: number of classes, at least 1.

    Returns:
        list of `classes` ints; the number at position c counts the labels equal to c.

    Example:
        >>> class_counts([2, 0, 2], classes=4)
        [1, 0, 2, 0]
    """
    # A zero for every class first: a class that never occurs must not be missing.
    counts = [0] * classes
    for label in labels:
        counts[label] += 1
    return counts


# Two other good ways: collections.Counter counts in one line, but knows only classes that occur, so
# the list must still be made by asking it for every class in turn. [labels.count(c) for c in
# range(classes)] reads well and walks through all labels once for each class.
