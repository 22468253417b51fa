"""Misconception: largest-label-ends-the-classes

caught-by: test_small_cases[worked by hand]
says: A class without images is still a class
"""


def class_counts(labels, classes=10):
    counts = [0] * (max(labels, default=-1) + 1)
    for label in labels:
        counts[label] += 1
    return counts
