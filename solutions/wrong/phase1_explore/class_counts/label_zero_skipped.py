"""Misconception: zero-is-no-label

caught-by: test_small_cases[worked by hand]
says: Position c of the list counts class c.
"""


def class_counts(labels, classes=10):
    counts = [0] * classes
    for label in labels:
        if label:
            counts[label] += 1
    return counts
