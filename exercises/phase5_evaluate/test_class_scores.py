"""Public checks of class_scores."""

import random

import pytest

from fmnist.exercises.expect import Claim, expect

PAIR = "Return the scores of all classes and the macro average of F1, in this order."
ROW = "Each class has a tuple of its own, in the order of the classes."
TRIPLE = "A class has a precision, a recall and an F1, in this order."
AXES = (
    "Rows are true classes: recall divides by the sum of a row, the images that are of the class. "
    "Precision divides by the sum of a column, the images that are called so."
)
HARMONIC = (
    "F1 is the harmonic mean, which stays near the lower of the two: a class that is called for "
    "every image has a perfect recall and is worth little."
)
NOTHING = "What has nothing to divide by is 0.0 here: a class that is never called is never right."
MACRO = (
    "In a macro average every class counts the same. Averaged over images instead, the large "
    "classes decide, and a small class can fail without being noticed."
)
STAYS_IN = (
    "The average is over all classes, also those with an F1 of 0: a network must not look better "
    "because it gives a class up."
)


def parts(answer, matrix):
    """Return claims about the scores, class by class, and about the macro average."""
    claim = expect(answer, matrix).is_tuple(2, idea=PAIR)
    scores = Claim(claim.value[0], call=f"scores of {claim.call}")
    scores.is_table(len(matrix), of=tuple, idea=ROW)
    for k, one in enumerate(scores.value):
        three = Claim(one, call=f"class {k} in the {scores.call}").is_tuple(3, idea=TRIPLE)
        for number in one:
            Claim(number, call=three.call).is_float().lies_in(0, 1, idea=AXES)
    return scores, Claim(claim.value[1], call=f"macro average of {claim.call}").is_float()


def column(scores, place):
    """Return a claim about one of the three scores of every class."""
    name = ("precision", "recall", "F1")[place]
    return Claim([one[place] for one in scores.value], call=f"{name} in the {scores.call}")


def random_matrix(seed, classes):
    """Return a confusion matrix in which rows and columns have different sums."""
    draw = random.Random(seed)
    return [
        [draw.randrange(1, 9) + 60 * (t == p) + 12 * (p < t) for p in range(classes)]
        for t in range(classes)
    ]


def test_recall_runs_along_rows_and_precision_down_columns(answer):
    """Of ten shirts six are found; of the eight images that are called shirts six are shirts."""
    scores, _ = parts(answer, [[18, 2], [4, 6]])
    column(scores, 0).is_close([18 / 22, 6 / 8], tolerance=1e-9, idea=AXES)
    column(scores, 1).is_close([18 / 20, 6 / 10], tolerance=1e-9, idea=AXES)


@pytest.mark.parametrize(
    ("matrix", "expected"),
    [
        pytest.param([[1, 9], [0, 10]], [2 / 11, 20 / 29], id="a low recall"),
        pytest.param([[0, 6], [4, 0]], [0.0, 0.0], id="nothing right"),
        pytest.param([[7]], [1.0], id="one class"),
    ],
)
def test_f1_is_the_harmonic_mean(answer, matrix, expected):
    """F1 is 2 times precision times recall over their sum."""
    scores, _ = parts(answer, matrix)
    column(scores, 2).is_close(expected, tolerance=1e-9, idea=HARMONIC)


def test_what_cannot_be_computed_is_zero(answer):
    """A class that is never called, and a class without images, have scores of 0."""
    scores, _ = parts(answer, [[5, 0, 0], [5, 0, 3], [0, 0, 0]])
    column(scores, 0).is_close([0.5, 0.0, 0.0], tolerance=1e-9, idea=NOTHING)
    column(scores, 1).is_close([1.0, 0.0, 0.0], tolerance=1e-9, idea=NOTHING)
    column(scores, 2).is_close([2 / 3, 0.0, 0.0], tolerance=1e-9, idea=NOTHING)


def test_every_class_counts_the_same(answer):
    """A hundred bags that are all found do not outweigh two coats of which one is missed."""
    scores, macro = parts(answer, [[100, 0], [1, 1]])
    column(scores, 2).is_close([200 / 201, 2 / 3], tolerance=1e-9, idea=HARMONIC)
    macro.is_close((200 / 201 + 2 / 3) / 2, tolerance=1e-9, idea=MACRO)


def test_a_class_that_is_given_up_stays_in_the_average(answer):
    """A class that is never called lowers the macro average."""
    _, macro = parts(answer, [[8, 0, 0], [0, 8, 0], [2, 2, 0]])
    macro.is_close((8 / 9 + 8 / 9 + 0) / 3, tolerance=1e-9, idea=STAYS_IN)


def test_the_average_is_that_of_the_classes(answer):
    """On ten classes the macro average is the mean of the ten values of F1."""
    scores, macro = parts(answer, random_matrix(53, 10))
    each = [one[2] for one in scores.value]
    macro.is_close(
        sum(each) / 10,
        tolerance=1e-9,
        idea="Average the F1 of the classes, and not precision and recall first: the order of the "
        "two steps changes the result.",
    )
