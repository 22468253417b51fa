"""Misconception: guessing-is-one-over-classes

caught-by: test_small_cases[worked by hand]
says: The accuracy is the share of `labels` that equal the class
"""


def majority_baseline(train_labels, labels):
    counts = {}
    for label in train_labels:
        counts[int(label)] = counts.get(int(label), 0) + 1
    majority = min(counts, key=lambda one: (-counts[one], one))
    return majority, 1 / len(counts)
