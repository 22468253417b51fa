"""Misconception: training-share-is-accuracy

caught-by: test_small_cases[worked by hand]
says: the share of that class among the judged images
"""


def majority_accuracy(train_labels, labels):
    counts = [0] * 10
    for label in train_labels:
        counts[label] += 1
    return counts.index(max(counts)), max(counts) / len(train_labels)
