"""Count the confusions.

Read phase 5 through "Confusion". Use plain Python: no NumPy, no scikit-learn.
Complete the function, then type: fmnist check confusion_matrix
"""


def confusion_matrix(labels, predictions, classes=10):
    """Return how often each class is predicted for each true class.

    Args:
        labels: sequence of int, the true classes, each from 0 to classes - 1.
        predictions: sequence of int of the same length, the predicted classes.
        classes: number of classes, at least 1.

    Returns:
        list of `classes` lists of `classes` ints; row t, column p counts the images of true
        class t that were predicted as p. Each row adds up to the images of its class.

    Example:
        >>> confusion_matrix([0, 0, 1], [0, 1, 1], classes=2)
        [[1, 1], [0, 1]]
    """
    # A new list for each row: [[0] * classes] * classes would be one row, named many times.
    matrix = [[0] * classes for _ in range(classes)]
    for label, prediction in zip(labels, predictions, strict=True):
        matrix[label][prediction] += 1
    return matrix


# Other good ways: a Counter of zip(labels, predictions), read out row by row, which is short but
# needs care for cells that never occur; or, with NumPy, np.bincount(classes * labels +
# predictions), reshaped, which is fastest for many images and hardest to read.
