"""Misconception: ties-need-no-rule

caught-by: test_a_tie_goes_to_the_smallest_class[largest first]
says: the order of the file decides
"""

from collections import Counter


def majority_baseline(train_labels, labels):
    ((majority, _),) = Counter(train_labels).most_common(1)
    return majority, sum(label == majority for label in labels) / len(labels)
