"""Misconception: empty-class-left-out

caught-by: test_small_cases[worked by hand]
says: A class without images is still a class
"""

from collections import Counter


def class_counts(labels, classes=10):
    return [count for _, count in sorted(Counter(labels).items())]
