"""Misconception: patience-means-more-than

caught-by: test_small_cases[worked by hand]
says: Patience counts the epochs without a new lowest loss
"""


def early_stopping(losses, patience):
    kept = 0
    for epoch, loss in enumerate(losses):
        if loss < losses[kept]:
            kept = epoch
        elif epoch - kept > patience:
            return epoch + 1, kept + 1
    return len(losses), kept + 1
