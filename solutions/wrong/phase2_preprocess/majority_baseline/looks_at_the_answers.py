"""Misconception: baseline-may-look

caught-by: test_small_cases[worked by hand]
says: A baseline that may look at the answers
"""


def majority_baseline(train_labels, labels):
    counts = {}
    for label in labels:
        counts[int(label)] = counts.get(int(label), 0) + 1
    majority = min(counts, key=lambda one: (-counts[one], one))
    return majority, counts[majority] / len(labels)
