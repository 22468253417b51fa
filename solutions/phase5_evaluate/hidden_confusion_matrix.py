"""Hidden checks of confusion_matrix."""

import random

import pytest

from fmnist.exercises.expect import expect

ROWS = "Rows are true classes, columns are predictions, one of each for every class."


@pytest.mark.parametrize("seed", [51, 52])
def test_agrees_with_the_reference(answer, reference, seed):
    """On other labels the counts are those of the reference."""
    draw = random.Random(seed)
    classes = draw.randrange(4, 12)
    # Class 0 never occurs, and the last one is predicted without occurring.
    labels = [draw.randrange(1, classes - 1) for _ in range(400)]
    predictions = [draw.randrange(1, classes) for _ in labels]
    claim = expect(answer, labels, predictions, classes=classes)
    claim.is_table(classes, classes, of=int, idea=ROWS)
    claim.equals(reference(labels, predictions, classes=classes), idea=ROWS)
