"""Hidden checks of ensemble_classes."""

import random

import pytest

from fmnist.exercises.expect import expect

CLASS = "One class for each image, as an int: its position in the row of probabilities."
MEAN = "The class whose probability is largest on average over the members; the first of equals."


@pytest.mark.parametrize("seed", [651, 652, 653])
def test_agrees_with_the_reference(answer, reference, seed):
    """For 1 to 7 members and 2 to 12 classes, the classes are those of the reference."""
    draw = random.Random(seed)
    for count in range(1, 8):
        labels = draw.randrange(2, 13)
        members = [[_row(draw, labels) for _ in range(20)] for _ in range(count)]
        claim = expect(answer, members).is_table(20, of=int, idea=CLASS)
        claim.equals(reference(members), idea=MEAN)


def _row(draw, labels):
    """Return probabilities in eighths, which floats hold exactly, so that ties are ties."""
    drawn = draw.choices(range(labels), k=8)
    return [drawn.count(label) / 8 for label in range(labels)]
