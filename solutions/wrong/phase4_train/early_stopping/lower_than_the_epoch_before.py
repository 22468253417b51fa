"""Misconception: lower-than-before-is-progress

caught-by: test_small_cases[falls without a record]
says: the loss must be lower than ever before
"""


def early_stopping(losses, patience):
    kept, waited = 1, 0
    for epoch in range(2, len(losses) + 1):
        waited = 0 if losses[epoch - 1] < losses[epoch - 2] else waited + 1
        if losses[epoch - 1] < losses[kept - 1]:
            kept = epoch
        if waited == patience:
            return epoch, kept
    return len(losses), kept
