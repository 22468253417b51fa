"""Misconception: best-is-known-beforehand

caught-by: test_the_future_does_not_matter
says: Training cannot know the losses of epochs that never took place
"""


def early_stopping(losses, patience):
    kept = list(losses).index(min(losses)) + 1
    return min(kept + patience, len(losses)), kept
