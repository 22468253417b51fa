"""Misconception: axes-of-confusion-equal

caught-by: test_small_cases[worked by hand]
says: Rows are true classes, columns are predictions
"""


def confusion_matrix(labels, predictions, classes=10):
    matrix = [[0] * classes for _ in range(classes)]
    for label, prediction in zip(labels, predictions, strict=True):
        matrix[prediction][label] += 1
    return matrix
