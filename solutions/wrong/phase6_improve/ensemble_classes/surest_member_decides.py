"""Misconception: surest-knows-best

caught-by: test_the_surest_does_not_decide_alone
says: errors of single members cancel
"""


def ensemble_classes(members):
    chosen = []
    for stated in zip(*members, strict=True):
        highest = [max(column) for column in zip(*stated, strict=True)]
        chosen.append(highest.index(max(highest)))
    return chosen
