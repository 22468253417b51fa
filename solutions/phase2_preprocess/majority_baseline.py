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
        # Above, not "at least": an equal count comes too late.
        if count > most:
            majority, most = candidate, count

    # The rule gives `majority` for every image, whatever the image shows.
    right = 0
    for label in labels:
        truth = int(label)
        if truth == majority:
            right += 1

    return majority, right / len(labels)


# In one line each: min(counts, key=lambda one: (-counts[one], one)) says the rule for ties in its
# key; sum(int(label) == majority for label in labels) counts. Counter.most_common(1) is shorter
# still, but of equal counts it returns the class that it met first: the order of the file decides.
