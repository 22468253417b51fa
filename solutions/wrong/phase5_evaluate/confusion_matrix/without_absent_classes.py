"""Misconception: empty-class-left-out

caught-by: test_small_cases[no image]
says: Every class has a row and a column, also one that never occurs
"""


def confusion_matrix(labels, predictions, classes=10):
    known = sorted({int(label) for label in labels} | {int(label) for label in predictions})
    place = {label: position for position, label in enumerate(known)}
    matrix = [[0] * len(known) for _ in known]
    for label, prediction in zip(labels, predictions, strict=True):
        matrix[place[int(label)]][place[int(prediction)]] += 1
    return matrix
