"""Misconception: equal-is-better

caught-by: test_small_cases[stands still]
says: An equal loss is no progress
"""


def early_stopping(losses, patience):
    kept = 1
    for epoch, loss in enumerate(losses, start=1):
        if loss <= losses[kept - 1]:
            kept = epoch
        elif epoch - kept == patience:
            return epoch, kept
    return len(losses), kept
