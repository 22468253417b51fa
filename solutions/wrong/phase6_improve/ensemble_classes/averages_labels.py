"""Misconception: labels-are-quantities

caught-by: test_nothing_lies_between_two_classes
says: but are no quantities
"""


def ensemble_classes(members):
    chosen = []
    for stated in zip(*members, strict=True):
        labels = [row.index(max(row)) for row in stated]
        chosen.append(round(sum(labels) / len(labels)))
    return chosen
