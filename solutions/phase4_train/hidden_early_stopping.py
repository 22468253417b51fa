"""Hidden checks of early_stopping."""

import random

import pytest

from fmnist.exercises.expect import expect

RULE = (
    "Training ends when the loss has not been lower than ever before for as many epochs as there "
    "is patience, and the weights of the lowest loss so far are kept."
)


@pytest.mark.parametrize("seed", [461, 462, 463])
def test_agrees_with_the_reference(answer, reference, seed):
    """On other curves both numbers are those of the reference."""
    draw = random.Random(seed)
    for _ in range(50):
        epochs, patience = draw.randrange(1, 40), draw.randrange(1, 8)
        losses = [1 / epoch + draw.uniform(0, 0.3) for epoch in range(1, epochs + 1)]
        claim = expect(answer, losses, patience=patience)
        claim.equals(reference(losses, patience=patience), idea=RULE)


@pytest.mark.parametrize("seed", [464, 465])
def test_agrees_where_losses_are_equal(answer, reference, seed):
    """With many equal losses they still are."""
    draw = random.Random(seed)
    for _ in range(50):
        losses = [0.75] + [draw.choice([0.25, 0.5, 0.75, 1.0]) for _ in range(10)]
        patience = draw.randrange(1, 5)
        claim = expect(answer, losses, patience=patience)
        claim.equals(reference(losses, patience=patience), idea=RULE)
