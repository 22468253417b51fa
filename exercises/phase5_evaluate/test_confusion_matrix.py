"""Public checks of confusion_matrix."""

import random

import pytest

from fmnist.exercises.expect import expect

TABLE = "Every class has a row and a column, also one that never occurs; each entry is a count."
DIAGONAL = (
    "The diagonal counts what was right, and an image counts in one row alone: each row must be a "
    "list of its own, not one list under several names."
)
ROWS = "Rows are true classes, columns are predictions: row t, column p."


@pytest.mark.parametrize(
    ("labels", "predictions", "expected"),
    [
        pytest.param([0, 0, 1], [0, 1, 1], [[1, 1], [0, 1]], id="worked by hand"),
        pytest.param([0, 0, 0], [1, 1, 1], [[0, 3], [0, 0]], id="one class taken for the other"),
        pytest.param([], [], [[0, 0], [0, 0]], id="no image"),
    ],
)
def test_small_cases(answer, labels, predictions, expected):
    """Cases that can be counted on one hand come out."""
    claim = expect(answer, labels, predictions, classes=2)
    claim.is_table(2, 2, of=int, idea=TABLE).equals(expected, idea=ROWS)


def test_rows_add_up_to_the_images_of_a_class(answer):
    """However wrong the predictions, row t adds up to the number of images of class t."""
    draw = random.Random(5)
    labels = [draw.randrange(10) for _ in range(300)]
    predictions = [draw.choice([label, 6]) for label in labels]
    claim = expect(answer, labels, predictions).is_table(10, 10, of=int, idea=TABLE)
    sums = [sum(row) for row in claim.value]
    claim.holds(
        sums == [labels.count(c) for c in range(10)],
        "rows that add up to the images of their class",
        ROWS,
        got=f"row sums {sums}",
    )


def test_perfect_predictions_fill_the_diagonal(answer):
    """If every prediction is right, everything off the diagonal is 0."""
    labels = [0, 1, 2, 2]
    expected = [[1, 0, 0], [0, 1, 0], [0, 0, 2]]
    claim = expect(answer, labels, labels, classes=3)
    claim.is_table(3, 3, of=int, idea=TABLE)
    claim.equals(expected, idea=DIAGONAL)
