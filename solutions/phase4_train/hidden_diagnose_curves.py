"""Hidden checks of diagnose_curves."""

import random

import pytest

from fmnist.exercises.expect import expect

RULE = "First the training result against poor, then the gap; both from the last three losses."


@pytest.mark.parametrize("seed", [451, 452, 453])
def test_agrees_with_the_reference(answer, reference, seed):
    """On forty other pairs of curves the diagnosis is that of the reference."""
    draw = random.Random(seed)
    for _ in range(40):
        epochs = draw.randrange(1, 8)
        # Quarters are exact in binary, so that limits are hit and nothing is rounded.
        training = [draw.randrange(7) / 4 for _ in range(epochs)]
        validation = [draw.randrange(9) / 4 for _ in range(epochs)]
        limits = {"poor": draw.randrange(1, 6) / 4, "gap": draw.randrange(4) / 4}
        if epochs >= 3:  # thirds are not exact: equal losses give an exact mean
            training[-2:], validation[-2:] = [training[-3]] * 2, [validation[-3]] * 2
        claim = expect(answer, training, validation, **limits)
        claim.equals(reference(training, validation, **limits), idea=RULE)


@pytest.mark.parametrize("seed", [454])
def test_agrees_on_wavering_curves(answer, reference, seed):
    """Curves that waver are judged by the mean of the last three epochs, too."""
    draw = random.Random(seed)
    for _ in range(40):
        epochs = draw.randrange(3, 12)
        training = [draw.random() for _ in range(epochs)]
        validation = [max(0.0, loss + draw.uniform(-0.2, 0.6)) for loss in training]
        claim = expect(answer, training, validation, poor=0.55, gap=0.2)
        claim.equals(reference(training, validation, poor=0.55, gap=0.2), idea=RULE)
