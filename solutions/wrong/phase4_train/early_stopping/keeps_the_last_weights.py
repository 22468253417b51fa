"""Misconception: last-weights-are-the-best

caught-by: test_small_cases[worked by hand]
says: The weights kept are those of the lowest loss
"""


def early_stopping(losses, patience):
    lowest, waited = losses[0], 0
    for epoch, loss in enumerate(losses[1:], start=2):
        if loss < lowest:
            lowest, waited = loss, 0
        else:
            waited += 1
            if waited == patience:
                return epoch, epoch
    return len(losses), len(losses)
