"""Misconception: python-copies-by-itself

caught-by: test_perfect_predictions_fill_the_diagonal
says: each row must be a list of its own
"""


def confusion_matrix(labels, predictions, classes=10):
    matrix = [[0] * classes] * classes
    for label, prediction in zip(labels, predictions, strict=True):
        matrix[label][prediction] += 1
    return matrix
