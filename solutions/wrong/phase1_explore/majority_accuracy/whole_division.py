"""Misconception: whole-division-keeps-the-share

caught-by: test_small_cases[worked by hand]
says: right answers divided by all, with /
"""


def majority_accuracy(train_labels, labels):
    counts = [0] * 10
    for label in train_labels:
        counts[label] += 1
    answer = counts.index(max(counts))
    return answer, sum(label == answer for label in labels) // len(labels)
