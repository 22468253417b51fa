"""How accurate is it to give the same answer always?

Read phase 1 through "Balance". Use plain Python: no NumPy. Complete the function,
then type: fmnist check majority_accuracy
"""


def majority_accuracy(train_labels, labels):
    """Return the most frequent training class, and the accuracy of always answering it.

    Args:
        train_labels: sequence of int, at least one, each from 0 to 9: labels of training images.
        labels: sequence of int, at least one, each from 0 to 9: labels of the images on which the
            answer is judged, for instance validation images.

    Returns:
        tuple (answer, accuracy): the class, an int, that most training images have, the lowest if
        several have equally many; and the share of `labels` equal to it, a float in [0, 1].

    Example:
        >>> majority_accuracy([7, 7, 3], [7, 3, 3, 7])
        (7, 0.5)
    """
    raise NotImplementedError("Replace this line with your answer.")
