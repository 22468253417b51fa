"""Hidden checks of matched_mlp."""

import random

import numpy as np
import pytest

from fmnist.exercises.expect import Claim, expect

NEAREST = "The width comes nearest to the budget: what one hidden unit costs, and rounded."
OUTPUT = "One row per image, one column per class; different images, different logits."


@pytest.mark.parametrize("seed", [381, 382])
def test_agrees_with_the_reference(answer, reference, seed):
    """For other budgets the model is as large as the reference, and looks at the images."""
    budget = random.Random(seed).randint(38_000, 400_000)
    model = expect(answer, budget).is_model().value
    found = Claim(model.facts()["parameters"], call=f"parameters of matched_mlp({budget})")
    found.equals(reference(budget).facts()["parameters"], idea=NEAREST)
    images = np.random.default_rng(seed).random((8, 28, 28, 1), dtype=np.float32)
    logits = Claim(model.predict(images), call=f"matched_mlp({budget}).predict(images)")
    logits.is_array(8, 10, dtype="float32", idea=OUTPUT)
    logits.holds(logits.value.std(axis=0).max() > 0, "rows that differ", OUTPUT)
