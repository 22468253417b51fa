"""Misconception: judged-where-it-was-made

caught-by: test_small_cases[worked by hand]
says: a rule is judged on images that it was not made from
"""


def majority_baseline(train_labels, labels):
    counts = {}
    for label in train_labels:
        counts[int(label)] = counts.get(int(label), 0) + 1
    majority = min(counts, key=lambda one: (-counts[one], one))
    return majority, counts[majority] / len(train_labels)
