"""The pixels behind a place of a feature map."""

import keras
import numpy as np
import pytest

from fmnist.analysis import features
from fmnist.training import models


@pytest.fixture(scope="module", name="network")
def _network():
    """An untrained network with convolutions and pooling."""
    keras.utils.set_random_seed(3)
    return models.small_cnn()


@pytest.fixture(scope="module", name="images")
def _images():
    """Some noise, as a network takes it."""
    return np.random.default_rng(5).normal(size=(16, 28, 28, 1)).astype(np.float32)


def test_influence_ends_where_the_receptive_field_does(network, images):
    """Changing a pixel outside leaves the place as it is, and one inside may change it."""
    layer = network.layers[4]  # the second convolution, after ReLU
    assert layer.output.shape == (None, 14, 14, 32)
    found = features.influence(network, images, layer, row=7, column=5) > 0
    # Kernel 4 with stride 2 and kernel 3: 8 pixels, beginning 3 before the place's own.
    expected = np.zeros((28, 28), bool)
    expected[11:19, 7:15] = True
    assert np.array_equal(found, expected)

    maps = keras.Model(network.inputs, layer.output)
    outside = (~expected)[..., np.newaxis].astype(np.float32)
    before, after = (maps.predict(each, verbose=0) for each in (images, images + 3 * outside))
    np.testing.assert_allclose(before[:, 7, 5], after[:, 7, 5], atol=1e-5)
    assert not np.allclose(before, after)


def test_influence_is_the_size_of_the_gradient():
    """For one layer without activation it is the sum of the weights, without their sign."""
    model = keras.Sequential(
        [keras.Input((28, 28, 1)), keras.layers.Conv2D(2, 3, padding="same", use_bias=False)]
    )
    weights = np.arange(18, dtype=np.float32).reshape(3, 3, 1, 2) - 9
    model.layers[0].set_weights([weights])
    images = np.ones((2, 28, 28, 1), np.float32)
    found = features.influence(model, images, model.layers[0], row=10, column=20)
    np.testing.assert_allclose(found[9:12, 19:22], np.abs(weights.sum(axis=3)[..., 0]), rtol=1e-6)
    assert found.sum() == pytest.approx(np.abs(weights.sum(axis=3)).sum())


@pytest.mark.parametrize(
    ("position", "row", "message"),
    [
        pytest.param(-1, 0, r"logits gives no feature maps.*\(10,\)", id="no maps"),
        pytest.param(2, 14, r"maps of 14 by 14.*no place \(14, 0\)", id="outside"),
        pytest.param(2, -1, r"no place \(-1, 0\)", id="before the first"),
    ],
)
def test_a_place_that_there_is_not_is_refused(network, images, position, row, message):
    """The message gives the layer and what it has."""
    with pytest.raises(ValueError, match=message):
        features.influence(network, images, network.layers[position], row=row, column=0)


def test_a_field_begins_where_influence_does(network, images):
    """As measured on the network above: 8 pixels from 3 before the place's own."""
    layer = network.layers[4]
    measured = np.argwhere(features.influence(network, images, layer, row=7, column=5) > 0)
    steps = [(2, 1), (1, 1)]
    assert tuple(measured.min(axis=0)) == tuple(features.first_pixel(at, steps) for at in (7, 5))
    assert features.first_pixel(0, steps) == -3  # in the padding
