"""Misconception: guessing-is-one-in-ten

caught-by: test_small_cases[worked by hand]
says: It is one tenth only where ten classes are equally frequent
"""


def majority_accuracy(train_labels, labels):
    counts = [0] * 10
    for label in train_labels:
        counts[label] += 1
    return counts.index(max(counts)), 1 / 10
