"""Saliency: on models so small that the map is known."""

from types import SimpleNamespace

import keras
import numpy as np
import pytest

from fmnist.analysis import saliency
from fmnist.data import preprocess, splits

RNG = np.random.default_rng(0)
IMAGES = RNG.normal(size=(3, 28, 28, 1)).astype(np.float32)
LABELS = np.array([2, 0, 1])


def linear(weights: np.ndarray) -> keras.Model:
    """Return a linear model with these weights, float, shape (784, classes)."""
    model = keras.Sequential(
        [keras.Input((28, 28, 1)), keras.layers.Flatten(), keras.layers.Dense(weights.shape[1])]
    )
    model.layers[-1].set_weights([weights.astype(np.float32), np.zeros(weights.shape[1])])
    return model


def looks_at(row: int, column: int) -> keras.Model:
    """Return a model whose logit 0 is four times one pixel, and whose logit 1 is 0."""
    weights = np.zeros((784, 2))
    weights[28 * row + column, 0] = 4
    return linear(weights)


def test_the_gradient_of_a_linear_model_is_its_weights(monkeypatch):
    """Those of the true class, for every image, also when they do not fit one batch."""
    monkeypatch.setattr(saliency, "BATCH", 2)
    weights = RNG.normal(size=(784, 4)).astype(np.float32)
    maps = saliency.gradient(linear(weights), IMAGES, LABELS)
    assert maps.shape == (3, 28, 28)
    assert maps.dtype == np.float32
    for image, label in enumerate(LABELS):
        assert maps[image] == pytest.approx(weights[:, label].reshape(28, 28))


def test_the_gradient_is_what_small_changes_give():
    """Of a network with a hidden layer and dropout, which is off, by differences."""
    keras.utils.set_random_seed(0)
    layers = keras.layers
    model = keras.Sequential(
        [
            keras.Input((28, 28, 1)),
            layers.Conv2D(4, 3, activation="tanh"),
            layers.Dropout(0.5),
            layers.Flatten(),
            layers.Dense(3),
        ]
    )
    maps = saliency.gradient(model, IMAGES, LABELS)
    for row, column in ((0, 0), (13, 20), (27, 5)):
        up, down = IMAGES.copy(), IMAGES.copy()
        up[:, row, column] += 0.01
        down[:, row, column] -= 0.01
        change = (model(up, training=False) - model(down, training=False)).numpy() / 0.02
        assert maps[:, row, column] == pytest.approx(change[np.arange(3), LABELS], abs=0.01)


def test_occlusion_shows_the_pixel_that_counts(monkeypatch):
    """The drop is the loss of that pixel, spread over the patches that can reach it."""
    monkeypatch.setattr(saliency, "BATCH", 1)
    images = np.ones((2, 28, 28, 1), np.float32)
    maps = saliency.occlusion(
        looks_at(10, 16), images, np.array([0, 1]), background=-1.0, size=4, stride=4
    )
    # Softmax of 4 against 0 with the pixel at 1, of -4 against 0 with the background in its place.
    drop = 1 / (1 + np.exp(-4)) - 1 / (1 + np.exp(4))
    expected = np.zeros((28, 28))
    expected[8:12, 16:20] = drop
    assert maps[0] == pytest.approx(expected, abs=1e-6)
    assert maps[1] == pytest.approx(-expected, abs=1e-6)


def test_patches_that_overlap_are_averaged():
    """A pixel under four patches, one of which hides what counts, has a quarter of the drop."""
    images = np.ones((1, 28, 28, 1), np.float32)
    model = looks_at(0, 0)
    maps = saliency.occlusion(model, images, np.array([0]), background=0.0, size=4, stride=2)
    drop = 1 / (1 + np.exp(-4)) - 0.5
    hiding = np.array([1, 1, 0.5, 0.5])  # share of the patches over a row that begin at row 0
    assert maps[0, :4, :4] == pytest.approx(drop * np.outer(hiding, hiding), abs=1e-6)
    assert not maps[0, 4:].any()


def test_a_map_is_averaged_over_the_patches_of_occlusion():
    """A single pixel is spread over its patches; what is even everywhere stays as it is."""
    maps = np.zeros((2, 28, 28), np.float32)
    maps[0, 10, 16] = 16
    maps[1] = 3
    spread = saliency.averaged(maps, size=4, stride=2)
    assert spread.dtype == np.float32
    assert spread[0].sum() == pytest.approx(16)
    # Of the four patches over row 10, those that begin at rows 8 and 10, each a mean of 1.
    hiding = np.array([0.5, 0.5, 1, 1, 0.5, 0.5])
    assert spread[0, 8:14, 14:20] == pytest.approx(np.outer(hiding, hiding))
    assert spread[1] == pytest.approx(np.full((28, 28), 3.0))


def test_averaging_is_what_occlusion_does():
    """Of a model that adds pixels up, covering a patch loses the sum of its gradients."""
    weights = RNG.normal(size=(784, 2)) * 1e-3
    weights[:, 1] = 0
    images = np.ones((1, 28, 28, 1), np.float32)
    slopes = saliency.gradient(linear(weights), images, np.array([0]))
    drops = saliency.occlusion(linear(weights), images, np.array([0]), background=0.0)
    alike = np.corrcoef(saliency.averaged(slopes).ravel(), drops.ravel())[0, 1]
    assert alike > 0.999 > np.corrcoef(slopes.ravel(), drops.ravel())[0, 1] + 0.2


def test_the_images_are_left_as_they_were():
    """Covering happens on a copy."""
    images = IMAGES.copy()
    saliency.occlusion(looks_at(0, 0), images, np.array([0, 0, 1]), background=5.0, size=14)
    assert np.array_equal(images, IMAGES)


@pytest.mark.parametrize(
    ("size", "stride"), [(4, 5), (0, 1), (29, 1), (5, 2), (4, 0)], ids=lambda number: str(number)
)
def test_patches_that_leave_gaps_are_refused(size, stride):
    """Every pixel must be covered."""
    with pytest.raises(
        ValueError, match=rf"patches of {size} pixels, {stride} apart, do not cover"
    ):
        saliency.occlusion(looks_at(0, 0), IMAGES, LABELS, background=0.0, size=size, stride=stride)


@pytest.mark.parametrize(
    ("images", "labels", "message"),
    [
        pytest.param(IMAGES[..., 0], LABELS, r"received float32 of shape \(3, 28, 28\)", id="axes"),
        pytest.param(IMAGES.astype(np.float64), LABELS, "received float64", id="type"),
        pytest.param(IMAGES, LABELS[:2], r"expected 3 labels, received labels of", id="labels"),
    ],
)
def test_what_is_no_batch_is_refused(images, labels, message):
    """Both maps say what they expected."""
    with pytest.raises(ValueError, match=message):
        saliency.gradient(looks_at(0, 0), images, labels)
    with pytest.raises(ValueError, match=message):
        saliency.occlusion(looks_at(0, 0), images, labels, background=0.0)


def test_both_maps_of_a_run_are_for_what_it_predicts(monkeypatch):
    """On its own scale, where the background is the darkest value that its images can have."""
    draw = np.random.default_rng(1)
    model = linear(draw.normal(size=(784, 10)))
    images = draw.integers(0, 256, (3, 28, 28), dtype=np.uint8)
    standardiser = preprocess.Standardiser.fit(images)
    run = SimpleNamespace(standardiser=standardiser)
    inputs = standardiser.apply(images)
    said = model(inputs).numpy().argmax(axis=1)
    monkeypatch.setattr(saliency.fit, "model_of", lambda asked: model if asked is run else None)
    monkeypatch.setattr(saliency.metrics, "predictions", lambda *_: said)

    maps = saliency.maps(run, splits.Split("test", images, (said + 1) % 10))
    assert list(maps) == ["gradient", "occlusion"]
    assert np.array_equal(maps["gradient"], saliency.gradient(model, inputs, said))
    covered = saliency.occlusion(
        model, inputs, said, background=float(standardiser.apply(images * 0).max())
    )
    assert np.array_equal(maps["occlusion"], covered)
