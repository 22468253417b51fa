"""Misconception: ties-do-not-matter

caught-by: test_ties_go_to_the_lowest_class[lowest second]
says: a rule for ties makes the result the same
"""

from collections import Counter


def majority_accuracy(train_labels, labels):
    answer, _ = Counter(train_labels).most_common(1)[0]
    return answer, sum(label == answer for label in labels) / len(labels)
