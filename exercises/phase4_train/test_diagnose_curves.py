"""Public checks of diagnose_curves."""

import random

import pytest

from fmnist.exercises.expect import expect

DIAGNOSES = ("underfitting", "overfitting", "fine")
TEXT = 'The diagnosis is one of the texts "underfitting", "overfitting" and "fine".'
TRAINING_FIRST = (
    "A network that is poor on its own training images has learnt too little, however large the "
    "gap is; medicine against overfitting would make it worse."
)
OVERFITTING = (
    "Good on the images it has seen and clearly worse on others: what it has learnt at last is not "
    "true of images in general. That is a gap, no matter how the validation loss looks alone."
)
ONE_SIDED = (
    "Only a validation loss *above* the training loss is a gap; validation images that are a "
    "little easier are no illness."
)
MEAN = (
    "One epoch may be lucky or unlucky. The result is the mean of the last three losses, or of all "
    "if there are fewer."
)
LIMITS = "Both rules say *above* and *more than*: a result at the limit is still good enough."


def diagnosis(answer, training, validation, poor=0.5, gap=0.25):
    """Return a claim about the diagnosis: one of the three texts."""
    claim = expect(answer, training, validation, poor=poor, gap=gap)
    claim.holds(type(claim.value) is str, "a text", TEXT)
    return claim.holds(claim.value in DIAGNOSES, " or ".join(map(repr, DIAGNOSES)), TEXT)


@pytest.mark.parametrize(
    ("training", "validation", "expected", "idea"),
    [
        pytest.param([2.0, 0.4, 0.3, 0.2], [2.0, 0.4, 0.3, 0.3], "fine", ONE_SIDED, id="fine"),
        pytest.param([2.0, 0.9, 0.8, 0.8], [2.0, 0.9, 0.9, 0.9], "underfitting", TRAINING_FIRST,
                     id="both poor"),
        pytest.param([2.0, 0.9, 0.8, 0.8], [2.0, 1.4, 1.5, 1.6], "underfitting", TRAINING_FIRST,
                     id="both poor, with a gap"),
        pytest.param([2.0, 0.1, 0.1, 0.1], [2.0, 0.4, 0.4, 0.5], "overfitting", OVERFITTING,
                     id="a gap"),
        pytest.param([2.0, 0.3, 0.2, 0.1], [2.0, 0.6, 0.8, 1.0], "overfitting", OVERFITTING,
                     id="a gap and a poor validation result"),
        pytest.param([2.0, 0.5, 0.5, 0.4], [2.0, 0.2, 0.1, 0.1], "fine", ONE_SIDED,
                     id="better on validation images"),
    ],
)  # fmt: skip
def test_clear_cases(answer, training, validation, expected, idea):
    """Curves that leave no doubt are diagnosed."""
    diagnosis(answer, training, validation).equals(expected, idea=idea)


@pytest.mark.parametrize(
    ("training", "validation", "expected"),
    [
        pytest.param([0.4, 0.4, 0.8], [0.5, 0.5, 0.8], "underfitting", id="training ends high"),
        pytest.param([0.2, 0.2, 0.2], [0.3, 0.3, 0.7], "fine", id="validation ends high"),
        pytest.param([0.1, 0.1, 0.1], [0.6, 0.6, 0.2], "overfitting", id="validation ends low"),
        pytest.param([9.0, 0.1, 0.1, 0.1], [9.0, 0.2, 0.2, 0.2], "fine", id="a poor start"),
        pytest.param([0.3, 0.9], [0.9, 0.9], "underfitting", id="two epochs"),
        pytest.param([0.2], [0.9], "overfitting", id="one epoch"),
    ],
)
def test_one_epoch_does_not_decide(answer, training, validation, expected):
    """The means of the last three epochs decide, not the last and not the first."""
    diagnosis(answer, training, validation).equals(expected, idea=MEAN)


@pytest.mark.parametrize(
    ("training", "validation", "expected"),
    [
        pytest.param([0.5, 0.5, 0.5], [0.5, 0.5, 0.5], "fine", id="just good"),
        pytest.param([0.25, 0.25, 0.25], [0.5, 0.5, 0.5], "fine", id="gap just allowed"),
    ],
)
def test_limits_belong_to_the_good_side(answer, training, validation, expected):
    """A training result of exactly `poor`, or a gap of exactly `gap`, is no complaint."""
    diagnosis(answer, training, validation).equals(expected, idea=LIMITS)


def test_the_limits_are_yours(answer):
    """The same curves are fine, overfitting or underfitting, depending on the limits."""
    draw = random.Random(45)
    training = [0.4 + 0.05 * draw.random() for _ in range(6)]
    validation = [0.6 + 0.05 * draw.random() for _ in range(6)]
    idea = "What is poor, and what is a gap, is given: there are no limits of your own."
    diagnosis(answer, training, validation, poor=1.0, gap=0.5).equals("fine", idea=idea)
    diagnosis(answer, training, validation, poor=1.0, gap=0.1).equals("overfitting", idea=idea)
    diagnosis(answer, training, validation, poor=0.3, gap=0.5).equals("underfitting", idea=idea)
