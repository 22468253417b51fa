"""Precision, recall and F1 of each class, and their average.

Read phase 5 through "Confusion". Use plain Python: no NumPy, no scikit-learn. Fill the three
gaps of the function, then type: fmnist check class_scores
"""


def class_scores(matrix):
    """Return precision, recall and F1 of each class, and the macro average of F1.

    Args:
        matrix: confusion matrix, sequence of n sequences of n ints, n at least 1; row t, column p
            counts the images of true class t that were predicted as p.

    Returns:
        tuple (scores, macro_f1). scores is a list of n tuples (precision, recall, f1) of three
        floats in [0, 1], one a class; a score that has nothing to divide by is 0.0. macro_f1 is
        a float: the mean of F1 over all n classes, each of which counts the same, however many
        images it has.

    Example:
        >>> class_scores([[1, 1], [0, 2]])[0][0]  # of two images one is found; nothing else called
        (1.0, 0.5, 0.6666666666666666)
    """
    scores = []
    for k in range(len(matrix)):
        right = int(matrix[k][k])
        of_class = called = 0  # images that are of class k, and images that are called k
        raise NotImplementedError("Add up of_class and called, each along one axis.")
        precision = recall = f1 = 0.0  # what they are where there is nothing to divide by
        raise NotImplementedError("Compute those scores that can be computed.")
        scores.append((precision, recall, f1))
    raise NotImplementedError("Return scores and the macro average of F1.")
