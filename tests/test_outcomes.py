"""What came out of each recipe, as it is written down beside the recipes."""

import dataclasses

import numpy as np
import pytest

from fmnist.data import preprocess, splits
from fmnist.evaluation import metrics, outcomes
from fmnist.training import recipes, runs, sweep

VALIDATION = splits.Split(
    "validation", np.zeros((40, 28, 28), np.uint8), np.arange(40, dtype=np.uint8) % 10
)


@pytest.fixture(name="kept")
def _kept(empty_cache):
    """Two runs of one recipe, of which the first is right for 30 and the second for 20 images."""
    found = []
    for seed, right in ((0, 30), (1, 20)):
        recipe = recipes.FULL["linear"].with_seed(seed)
        logits = np.eye(10, dtype=np.float32)[(VALIDATION.labels + (np.arange(40) >= right)) % 10]
        trained = runs.Trained(
            weights=[],
            history=[{"val_loss": 1.0, "val_accuracy": right / 40}],
            validation_logits=logits,
            parameters=1,
            validation=VALIDATION.digest,
            standardiser=preprocess.Standardiser(0.0, 1.0),
            train_images=7,
            seconds=10.0,
        )
        found.append(runs.keep(f"key{seed}", recipe, trained))
    return found


def test_an_outcome_is_measured_on_the_kept_runs(kept):
    """Mean and interval over seeds and images, and what the network costs."""
    outcome = outcomes.of("linear", kept, VALIDATION)
    assert (outcome.recipe, outcome.accuracy, outcome.seeds, outcome.images) == (
        *("linear", 0.625, 2, 40),
    )
    assert 0 <= outcome.low < 0.625 < outcome.high <= 1
    assert outcome.multiplications == 28 * 28 * 10
    assert outcome.machine == kept[0].machine


def test_what_is_written_down_is_read(kept, tmp_path, monkeypatch):
    """Every field, with its type."""
    monkeypatch.setattr(outcomes, "FILE", tmp_path / "outcomes.csv")
    first = outcomes.of("linear", kept, VALIDATION)
    second = dataclasses.replace(first, recipe="mlp", machine="with, a comma", seeds=1)
    outcomes.write([first, second])
    assert outcomes.read() == {"linear": first, "mlp": second}


def test_outcomes_are_of_the_recipes():
    """In their order, of plausible size, and of as many seeds as the book trains."""
    written = outcomes.read()
    assert list(written) == [name for name in recipes.RECIPES if name in written]
    for name, outcome in written.items():
        assert 0 < outcome.low < outcome.accuracy < outcome.high < 1, name
        assert outcome.seeds == (1 if name in recipes.TUNING else len(recipes.SEEDS)), name


def test_kept_runs_lie_in_the_intervals_that_are_written_down():
    """What was trained here, with the present code, says the same of each recipe."""
    _, validation = splits.train_and_validation()
    compared = 0
    for name, outcome in outcomes.read().items():
        wanted = [recipes.RECIPES[name].with_seed(seed) for seed in range(outcome.seeds)]
        if not sweep.missing(wanted):
            here = metrics.accuracy([sweep.run(recipe) for recipe in wanted], validation)
            assert outcome.low <= here.value <= outcome.high, name
            compared += 1
    if not compared:
        pytest.skip("No run of a whole build is kept here. To compare, type: fmnist book")
