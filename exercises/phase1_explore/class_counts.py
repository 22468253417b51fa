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
    raise NotImplementedError("Replace this line with your answer.")
