"""From pixels to a kept run, on a small part of the images."""

import dataclasses
import subprocess
import sys

import numpy as np
import pytest
from scipy import stats
from sklearn import metrics

from fmnist import data, preprocess, recipes, results, runs

RNG = np.random.default_rng(0)


# --- preprocess ---


def test_scaling_keeps_order_and_ends():
    """0 stays 0, 255 becomes 1, brighter stays brighter, and a channel is added."""
    images = np.arange(256, dtype=np.uint8).reshape(1, 16, 16)
    unit = preprocess.to_unit(images)
    assert unit.shape == (1, 16, 16, 1)
    assert unit.dtype == np.float32
    assert (unit.min(), unit.max()) == (0, 1)
    assert (np.diff(unit.ravel()) > 0).all()


@pytest.mark.parametrize(
    "images",
    [np.zeros((1, 2, 2), np.float32), np.zeros((1, 2, 2, 1), np.uint8)],
    ids=["float", "axes"],
)
def test_scaling_twice_is_refused(images):
    """What is scaled already is no uint8 image."""
    with pytest.raises(ValueError, match="to_unit expects uint8 images"):
        preprocess.to_unit(images)


def test_standardising_uses_the_fitted_statistics():
    """The images that were fitted get mean 0 and deviation 1; others do not."""
    images = RNG.integers(0, 100, (50, 5, 5), dtype=np.uint8)
    standardiser = preprocess.Standardiser.fit(images)
    fitted = standardiser.apply(images)
    assert fitted.mean() == pytest.approx(0, abs=1e-5)
    assert fitted.std() == pytest.approx(1, abs=1e-5)
    assert standardiser.apply(images + 100).mean() > 1


# --- results ---


@pytest.mark.parametrize(("correct", "n"), [(0, 10), (9, 10), (905, 1000), (10_000, 10_000)])
def test_the_interval_is_wilsons(correct, n):
    """It agrees with scipy's."""
    result = results.Accuracy(correct, n, "validation", (0,), "")
    expected = stats.binomtest(correct, n).proportion_ci(0.95, method="wilson")
    assert result.interval == pytest.approx((expected.low, expected.high), abs=1e-9)


def test_a_result_prints_all_that_it_needs():
    """Value, interval, n, seeds and split stand in one line."""
    result = results.Accuracy(9049, 10_000, "validation", (0,), "")
    assert str(result) == "90.5 % (95 % interval 89.9 to 91.0, n = 10,000, 1 seed, validation)"


def test_accuracy_counts():
    """Three of four are right."""
    labels, predicted = np.array([1, 2, 3, 4]), np.array([1, 2, 3, 9])
    assert results.accuracy(labels, predicted, split="test", seeds=(), run="").value == 0.75


@pytest.mark.parametrize("shape", [(3,), (0,), (4, 1)])
def test_accuracy_of_arrays_that_do_not_match_is_refused(shape):
    """Nothing is broadcast."""
    other = np.zeros(4 if shape == (3,) else shape, int)
    with pytest.raises(ValueError, match="accuracy expects two arrays"):
        results.accuracy(np.zeros(shape, int), other, split="test", seeds=(), run="")


# --- recipes and runs ---


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"model": "huge"}, "model must be one of linear, small_cnn, not 'huge'"),
        ({"epochs": 0}, "epochs must be at least 1, not 0"),
        ({"batch_size": 0}, "batch_size must be at least 1"),
        ({"learning_rate": -1.0}, "learning_rate must be above 0"),
        ({"learning_rate": float("nan")}, "learning_rate must be above 0"),
    ],
)
def test_a_recipe_that_cannot_be_trained_is_refused(change, message):
    """The message names field and value."""
    with pytest.raises(ValueError, match=message):
        dataclasses.replace(recipes.RECIPES["linear"], **change)


def test_the_code_hash_ignores_what_decides_nothing(tmp_path):
    """Comments, docstrings and layout do not change it; an operation does."""
    path = tmp_path / "module.py"
    hashes = []
    for source in (
        '"""Doc."""\ndef f(x):\n    """Doc."""\n    return x + 1\n',
        "def f(x):  # why\n    return (x\n    + 1)\n",
        "def f(x):\n    return x - 1\n",
    ):
        path.write_text(source)
        hashes.append(runs.code_hash(path))
    assert hashes[0] == hashes[1] != hashes[2]


def test_the_key_follows_all_that_decides_the_result(monkeypatch):
    """Another seed, other training code, other data or another version: another key."""
    recipe = recipes.RECIPES["linear"]
    keys = {runs.key(recipe), runs.key(dataclasses.replace(recipe, seed=1))}
    with monkeypatch.context() as patch:
        patch.setattr(runs, "code_hash", lambda _: "changed")
        keys.add(runs.key(recipe))
    with monkeypatch.context() as patch:
        patch.setattr("importlib.metadata.version", lambda _: "0")
        keys.add(runs.key(recipe))
    with monkeypatch.context() as patch:
        patch.setenv("FMNIST_TIER", "smoke")
        keys.add(runs.key(recipe))
    with monkeypatch.context() as patch:
        patch.setattr("fmnist.fetch.FILES", ())
        keys.add(runs.key(recipe))
    assert len(keys) == 6


KEPT = {
    "standardiser": preprocess.Standardiser(0.25, 0.5),
    "train_images": 7,
    "seconds": 1.5,
}


@pytest.fixture(name="kept")
def _kept(empty_cache):
    """A run in an otherwise empty store."""
    weights = [RNG.random((2, 3), dtype=np.float32), np.zeros(3, np.float32)]
    history = [{"loss": 1.0, "val_loss": 2.0}]
    recipe = recipes.RECIPES["linear"]
    kept = runs.keep("abc", recipe, weights, history, **KEPT)
    return kept, weights


def test_a_kept_run_is_found_whole(kept):
    """Recipe, history and weights come back as they were."""
    run, weights = kept
    assert runs.find("abc") == run
    assert runs.kept() == [run]
    assert all(
        np.array_equal(one, other) for one, other in zip(run.weights(), weights, strict=True)
    )


def test_a_run_is_kept_once(kept, empty_cache):
    """A second process that trained the same finds the first one's run in its place."""
    run, _ = kept
    again = runs.keep("abc", run.recipe, [np.ones(1)], [{"loss": 9.0}], **KEPT)
    assert again == run
    assert [path.name for path in (empty_cache / "runs").iterdir()] == ["abc"]


def test_a_run_that_was_never_kept_is_not_found(empty_cache):
    """An unknown key, or an empty store, gives nothing."""
    assert runs.find("nope") is None
    assert runs.kept() == []


# --- training: needs TensorFlow ---


@pytest.fixture(scope="module", name="trained")
def _trained():
    """The linear recipe, trained twice from the same seed and once from another."""
    from fmnist import train

    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("FMNIST_TIER", "smoke")
        train_images, validation = data.train_and_validation()
    standardiser = preprocess.Standardiser.fit(train_images.images)
    rows: list[tuple[int, dict]] = []
    recipe = dataclasses.replace(recipes.RECIPES["small_cnn"], epochs=2)
    models = []
    for seed in (0, 0, 1):
        model, history = train.fit(
            dataclasses.replace(recipe, seed=seed),
            train_images,
            validation,
            standardiser=standardiser,
            on_epoch=lambda *row: rows.append(row),
        )
        models.append((model, history))
    return models, rows, validation, standardiser


def test_the_same_seed_gives_the_same_weights(trained):
    """Bit for bit, and another seed gives others."""
    weights = [model.get_weights() for model, _ in trained[0]]
    assert all(np.array_equal(a, b) for a, b in zip(weights[0], weights[1], strict=True))
    assert not all(np.array_equal(a, b) for a, b in zip(weights[0], weights[2], strict=True))


def test_training_learns_and_reports(trained):
    """The loss falls, and every epoch is reported with its number."""
    (_, history), rows = trained[0][0], trained[1]
    assert history[-1]["loss"] < history[0]["loss"]
    assert [number for number, _ in rows] == [1, 2] * 3
    assert set(history[0]) == {"loss", "accuracy", "val_loss", "val_accuracy"}


def test_a_kept_run_predicts_like_the_trained_network(trained, smoke_tier):
    """What is loaded from the store gives the same logits, and the accuracy that Keras reported."""
    from fmnist import evaluate, train

    model, history = trained[0][0]
    validation = trained[2]
    recipe = dataclasses.replace(recipes.RECIPES["small_cnn"], epochs=2)
    kept = KEPT | {"standardiser": trained[3]}
    run = runs.keep(runs.key(recipe), recipe, model.get_weights(), history, **kept)
    assert train.run(recipe) == run
    accuracy = evaluate.accuracy(run, validation, evaluate.predictions(run, validation))
    assert accuracy.value == pytest.approx(history[-1]["val_accuracy"], abs=1e-6)
    assert (accuracy.n, accuracy.seeds, accuracy.split) == (1_000, (0,), "validation")


def test_models_count_as_they_are_listed():
    """Every named recipe has its model; all give ten logits for a 28 by 28 image."""
    from fmnist import models

    assert tuple(models.MODELS) == recipes.MODEL_NAMES
    for build in models.MODELS.values():
        assert build().output_shape == (None, 10)
    assert models.linear().count_params() == 28 * 28 * 10 + 10


def test_confusion_matrix_and_recall_agree_with_counting():
    """Counted one image at a time, rows true, columns predicted."""
    from fmnist import evaluate

    labels, predicted = RNG.integers(0, 10, 300), RNG.integers(0, 10, 300)
    matrix = evaluate.confusion_matrix(labels, predicted)
    counted = np.zeros((10, 10), int)
    for label, prediction in zip(labels, predicted, strict=True):
        counted[label, prediction] += 1
    assert np.array_equal(matrix, counted)
    assert evaluate.recall(matrix) == pytest.approx(
        metrics.recall_score(labels, predicted, average=None)
    )


def test_light_modules_do_not_load_tensorflow():
    """What a student's first second is made of must not import it."""
    program = (
        "import sys, fmnist.cli, fmnist.data, fmnist.runs, fmnist.exercises.runner, "
        "fmnist.grading.run; sys.exit('tensorflow' in sys.modules or 'keras' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
