"""What does a rule reach that never looks at an image?

Read phase 2 through "Baselines first". Use plain Python: no NumPy. The function is written but for
three gaps: fill them, then type: fmnist check majority_baseline
"""


def majority_baseline(train_labels, labels):
    """Return the most frequent class in training, and how often it would be right elsewhere.

    Args:
        train_labels: sequence of int, the classes of the training images; at least one. Class
            numbers are at least 0 and need not be 0 to 9.
        labels: sequence of int, the classes of the images to be judged; at least one.

    Returns:
        tuple (majority, accuracy): an int, the class that most training images have (of several
        such classes the one with the smallest number), and a float in [0, 1], the accuracy on
        `labels` of a rule that calls every image `majority`.

    Example:
        >>> majority_baseline([3, 5, 5], [5, 3, 3, 3])
        (5, 0.25)
    """
    counts = {}
    for label in train_labels:
        counts[int(label)] = counts.get(int(label), 0) + 1

    # From the smallest class number to the largest: a tie then goes to the first.
    majority, most = -1, 0
    for candidate in sorted(counts):
        count = counts[candidate]
        # Gap 1: keep `candidate` and its count if that is above all before it.
        raise NotImplementedError("Gap 1, keep the most frequent class so far.")

    # The rule gives `majority` for every image, whatever the image shows.
    right = 0
    for label in labels:
        truth = int(label)
        # Gap 2: count this image if the rule is right about it.
        raise NotImplementedError("Gap 2, count the images that the rule gets right.")

    # Gap 3: return the class and the accuracy.
    raise NotImplementedError("Gap 3, return the class and the accuracy.")
