"""What a training is made of: whitening filters, Muon, easy images, rates, batch normalisation."""

import ast
import dataclasses

import numpy as np
import pytest

from fmnist.data import splits
from fmnist.training import recipes, runs, sampling, whitening


def drawn() -> np.random.Generator:
    """Return random numbers that do not depend on which tests ran before."""
    return np.random.default_rng(0)


def smooth(count: int) -> np.ndarray:
    """Return float32 images, shape (n, 28, 28, 1), whose neighbouring pixels are nearly equal."""
    steps = drawn().normal(size=(count, 28, 28)).cumsum(axis=1).cumsum(axis=2)
    return (steps / steps.std()).astype(np.float32)[..., np.newaxis]


# --- whitening ---


def test_the_answers_of_whitening_filters_are_uncorrelated_and_vary_alike():
    """Where the images vary enough; each filter is there with both signs."""
    images = smooth(400)
    filters = whitening.filters(images)
    assert filters.shape == (4, 4, 1, 32)
    assert filters.dtype == np.float32
    half = filters[..., :16].reshape(16, 16)
    assert np.array_equal(half, -filters[..., 16:].reshape(16, 16))
    patches = np.lib.stride_tricks.sliding_window_view(images[..., 0], (4, 4), axis=(1, 2))
    answers = np.cov(patches[:, ::3, ::3].reshape(-1, 16) @ half, rowvar=False)
    strong = np.diag(answers) > 0.5
    assert strong.any()
    assert np.diag(answers).max() < 1.01
    assert answers - np.diag(np.diag(answers)) == pytest.approx(np.zeros((16, 16)), abs=0.02)


def test_whitening_filters_have_no_last_digits(monkeypatch):
    """Another library's eigenvectors have others, and may point the other way."""
    images = smooth(400)
    usual = whitening.filters(images)
    eigh = np.linalg.eigh

    def elsewhere(covariance):
        """Return what another library might."""
        variances, directions = eigh(
            covariance * (1 + 1e-14 * drawn().normal(size=covariance.shape))
        )
        return variances, directions * drawn().choice([-1, 1], size=len(variances))

    monkeypatch.setattr(np.linalg, "eigh", elsewhere)
    assert np.array_equal(whitening.filters(images), usual)


# --- easy images ---

LOSSES = drawn().exponential(size=1_000).astype(np.float32)
ASKED = {"skipping": 0.75, "seed": 1, "epochs": 10}


def test_the_first_epoch_and_the_last_fifth_look_at_all_images():
    """And each image then counts once; without skipping every epoch does."""
    whole = [
        epoch
        for epoch in range(10)
        if len(sampling.draw(LOSSES, epoch=epoch, **ASKED)[0]) == len(LOSSES)
    ]
    assert whole == [0, 8, 9]
    for epoch in range(10):
        positions, weights = sampling.draw(LOSSES, epoch=epoch, **ASKED | {"skipping": 0.0})
        assert np.array_equal(positions, np.arange(1_000))
        assert (weights == 1).all()


def test_easy_images_are_left_out_and_those_that_stay_count_for_them():
    """450 of the 600 with the lowest losses; on average the weights are those of all images."""
    positions, weights = sampling.draw(LOSSES, epoch=3, **ASKED)
    easy = np.isin(np.arange(1_000), np.argsort(LOSSES)[:600])
    stays = np.isin(np.arange(1_000), positions)
    assert stays[~easy].all()
    assert stays[easy].sum() == 150
    assert np.array_equal(weights, np.where(easy, 4, 1))
    assert weights[positions].sum() == 1_000
    assert len(positions) == sampling.count(1_000, 0.75, 3, 10) == 550


def test_the_draw_follows_from_seed_and_epoch():
    """The same again; another epoch or seed leaves out others."""

    def left(**changes) -> list[int]:
        return sampling.draw(LOSSES, **ASKED | {"epoch": 3} | changes)[0].tolist()

    assert left() == left()
    assert left() != left(epoch=4)
    assert left() != left(seed=2)


# --- recipes ---


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"stem": "whitening", "model": "strided_cnn"}, "stem must be trained for strided_cnn"),
        ({"optimiser": "muon", "batch_norm": False}, "muon needs batch_norm"),
        ({"mirror": "always"}, "mirror must be one of never, random, alternating"),
        ({"shift": -1}, "shift must be at least 0"),
        ({"erasing": 1.0}, r"erasing must be in \[0, 1\)"),
        ({"epochs": 1.5}, "epochs must be a whole number, not 1.5"),
        ({"learning_rate": 1}, "learning_rate must be a float above 0"),
        ({"model": "mlp", "shrunk": 0.5}, "shrunk must be 0 for mlp"),
        ({"patience": 2, "averaging": 0.9}, "choose one"),
        ({"skipping": 1.0}, r"skipping must be in \[0, 1\)"),
    ],
)
def test_what_cannot_be_trained_is_refused(changes, said):
    """In one line that says what was expected."""
    with pytest.raises(ValueError, match=said):
        dataclasses.replace(recipes.DEEP, **changes)


def test_every_field_of_a_recipe_is_looked_at_by_training():
    """One that nobody reads would be printed, and kept under a key of its own, and do nothing."""
    read = {
        node.attr
        for path in runs.deciding(recipes.FAST).values()
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Name)
        and node.value.id == "recipe"
    }
    elsewhere = {"precision"}  # `recipes.precision` reads it
    assert {field.name for field in dataclasses.fields(recipes.Recipe)} - elsewhere <= read


# --- with TensorFlow ---


@pytest.mark.parametrize("shape", [(3, 3, 8, 16), (1, 1, 4, 16)], ids=["tall", "wide"])
def test_muon_makes_the_singular_values_of_a_step_about_equal(shape):
    """And keeps their directions: of a wide kernel as of a tall one."""
    from fmnist.training import muon

    rows, columns = np.prod(shape[:-1]), shape[-1]
    left, _, right = np.linalg.svd(drawn().normal(size=(rows, columns)), full_matrices=False)
    before = np.geomspace(1, 0.03, min(rows, columns))
    gradient = ((left * before) @ right).astype(np.float32).reshape(shape)
    step = muon.evened(gradient).numpy().reshape(rows, columns)
    inside = left.T @ step @ right.T
    after = np.diag(inside)
    assert inside - np.diag(after) == pytest.approx(np.zeros_like(inside), abs=1e-3)
    assert (after > 0.4).all()
    assert (after < 1.25).all()


def test_muon_holds_the_length_of_kernels_and_leaves_the_rest_to_adam():
    """A bias moves as with Adam at a tenth of the rate."""
    import keras

    from fmnist.training.muon import Muon

    kernel, bias = (drawn().normal(size=shape).astype(np.float32) for shape in ((3, 3, 4, 8), (8,)))
    moved = {}
    for optimiser in (Muon(0.03), keras.optimizers.Adam(0.003)):
        variables = [keras.Variable(value) for value in (kernel, bias)]
        optimiser.build(variables)
        for _ in range(3):
            optimiser.apply([np.ones_like(value) for value in (kernel, bias)])
        moved[type(optimiser)] = [variable.numpy() for variable in variables]
    (by_muon, bias_by_muon), (_, bias_by_adam) = moved.values()
    assert bias_by_muon == pytest.approx(bias_by_adam, rel=1e-5)
    assert np.linalg.norm(by_muon) == pytest.approx(np.sqrt(8), rel=0.1)
    assert by_muon.sum() < kernel.sum() * np.sqrt(8) / np.linalg.norm(kernel)


def test_one_operation_normalises_as_keras_does():
    """In training and in use, with the running statistics after it."""
    import keras

    from fmnist.training import models

    maps = drawn().normal(3, 2, (64, 5, 5, 6)).astype(np.float32)
    ours, keras_own = models.BatchNormalization(), keras.layers.BatchNormalization(momentum=0.9)
    for training in (True, False):
        results = [layer(maps, training=training).numpy() for layer in (ours, keras_own)]
        assert results[0] == pytest.approx(results[1], rel=1e-3, abs=1e-4)
    for own, other in zip(ours.weights, keras_own.weights, strict=True):
        # The variance of the one is that of a sample, n - 1; of the other, n.
        assert own.numpy() == pytest.approx(other.numpy(), rel=2e-3, abs=1e-5)


def test_one_cycle_rises_and_falls_along_lines():
    """From a tenth to the whole rate in a fifth of the steps, and to 0 at the end."""
    from fmnist.training import optimisers

    recipe = recipes.Recipe("mlp", epochs=1, learning_rate=0.5, schedule="one_cycle")
    rate = optimisers.rate(recipe, 100)
    told = [optimisers.rate_at(rate, step) for step in (0, 10, 20, 60, 100)]
    assert told == pytest.approx([0.05, 0.275, 0.5, 0.25, 0.0], abs=1e-6)


def test_whitening_filters_are_in_the_network(empty_cache_with_images, smoke_tier):
    """From the training images, and they stay as they are."""
    from fmnist.data import preprocess
    from fmnist.training import fit

    training, validation = splits.train_and_validation()
    scaling = preprocess.Standardiser.fit(training.images)
    recipe = dataclasses.replace(recipes.DEEP, epochs=1, stem="whitening")
    trained = fit.fit(recipe, training, validation, standardiser=scaling)
    expected = whitening.filters(scaling.apply(training.images[: whitening.IMAGES]))
    assert np.array_equal(trained.weights[0], expected)
