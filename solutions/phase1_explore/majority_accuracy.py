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
    counts = [0] * 10
    for label in train_labels:
        counts[label] += 1
    # index finds the first of several equal counts, which is the lowest class. Only training
    # labels may choose: a classifier is finished before it is judged.
    answer = counts.index(max(counts))
    right = sum(1 for label in labels if label == answer)
    return answer, right / len(labels)


# max(range(10), key=counts.__getitem__) gives the same class, since max keeps the first of equals.
# Counter(train_labels).most_common(1) is shorter and not the same: of equal counts it takes the
# class that it met first, so the answer would depend on the order of the images.
