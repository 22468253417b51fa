"""Misconception: judged-labels-may-choose

caught-by: test_small_cases[never right]
says: Whoever lets the judged labels choose has looked
"""


def majority_accuracy(train_labels, labels):
    counts = [0] * 10
    for label in labels:
        counts[label] += 1
    answer = counts.index(max(counts))
    return answer, counts[answer] / len(labels)
