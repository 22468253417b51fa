"""What came out of each recipe, as it is written down beside the recipes."""

import csv

import numpy as np
import pytest

from fmnist.data import preprocess, splits
from fmnist.evaluation import metrics, recipe_results
from fmnist.training import recipes, runs, sweep

VALIDATION = splits.Split(
    "validation", np.zeros((40, 28, 28), np.uint8), np.arange(40, dtype=np.uint8) % 10
)


def written() -> dict[str, dict[str, str]]:
    """Return the table by the names of the recipes."""
    with recipe_results.FILE.open(encoding="utf-8", newline="") as file:
        return {row["recipe"]: row for row in csv.DictReader(file)}


def test_a_result_is_measured_on_the_kept_runs(empty_cache, tmp_path, monkeypatch):
    """Mean and interval over seeds and images, what the network costs; and it can be read again."""
    kept = []
    for seed, right in ((0, 30), (1, 20)):
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
        kept.append(runs.keep(f"key{seed}", recipes.FULL["linear"].with_seed(seed), trained))
    monkeypatch.setattr(recipe_results, "FILE", tmp_path / "recipe_results.csv")
    recipe_results.write([recipe_results.of("linear", kept, VALIDATION)])
    row = written()["linear"]
    low, high = (float(row.pop(end)) for end in ("low", "high"))
    assert 0 <= low < 0.625 < high <= 1
    assert row == {
        "recipe": "linear",
        "accuracy": "0.6250",
        "images": "40",
        "seeds": "2",
        "multiplications": "7840",
        "machine": kept[0].machine,
    }


def test_results_are_of_the_recipes():
    """In their order, of plausible size, and of as many seeds as the book trains."""
    table = written()
    assert list(table) == list(recipes.RECIPES)
    for name, row in table.items():
        assert 0 < float(row["low"]) < float(row["accuracy"]) < float(row["high"]) < 1, name
        assert int(row["seeds"]) == (1 if name in recipes.TUNING else len(recipes.SEEDS)), name


def test_kept_runs_lie_in_the_intervals_that_are_written_down():
    """What was trained here, with the present code, says the same of each recipe."""
    _, validation = splits.train_and_validation()
    compared = 0
    for name, row in written().items():
        wanted = [recipes.RECIPES[name].with_seed(seed) for seed in range(int(row["seeds"]))]
        if not sweep.missing(wanted):
            here = metrics.accuracy([sweep.run(recipe) for recipe in wanted], validation)
            assert float(row["low"]) <= here.value <= float(row["high"]), name
            compared += 1
    if not compared:
        pytest.skip("No run of a whole build is kept here. To compare, type: fmnist book")
