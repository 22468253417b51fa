"""Networks for 28 by 28 pixels and ten classes. All return logits and are not compiled.

Input: float32, shape (n, 28, 28, 1). Output: float32, shape (n, 10), any real numbers. Every
function takes the share of features that dropout sets to 0 before the last layer, and whether
its convolutions are followed by batch normalisation.

The convolutional networks begin with a stride of 2: most of the work is then done on maps of
14 by 14 pixels and less, and an epoch of 50,000 images takes a core well under a minute.
"""

import math
from collections.abc import Callable

import keras
from keras import layers

from fmnist.training import recipes

CLASSES = 10
INPUT = (28, 28, 1)  # rows, columns, channels


def linear(*, dropout: float = 0.0, batch_norm: bool = False) -> keras.Model:
    """Return one dense layer on the pixels: multinomial logistic regression.

    It has no features before the last layer and no convolution, so both options do nothing.
    """
    del dropout, batch_norm
    return keras.Sequential(
        [keras.Input(INPUT), layers.Flatten(), _logits()],
        name="linear",
    )


def mlp(*, dropout: float = 0.2, batch_norm: bool = False) -> keras.Model:
    """Return one hidden layer of 48 units: within 1 % of the parameters of `small_cnn`."""
    del batch_norm  # it has no convolution
    return keras.Sequential(
        [
            keras.Input(INPUT),
            layers.Flatten(),
            layers.Dense(48, activation="relu"),
            layers.Dropout(dropout),
            _logits(),
        ],
        name="mlp",
    )


def strided_cnn(*, dropout: float = 0.2, batch_norm: bool = False) -> keras.Model:
    """Return three convolutions, the first two with stride 2: the cheapest network here."""
    pixels = keras.Input(INPUT)
    maps = _convolution(pixels, 24, kernel=4, stride=2, batch_norm=batch_norm)  # 14, 14, 24
    maps = _convolution(maps, 32, stride=2, batch_norm=batch_norm)  # 7, 7, 32
    maps = _convolution(maps, 64, batch_norm=batch_norm)  # 7, 7, 64
    return _classifier(pixels, maps, dropout, name="strided_cnn")


def small_cnn(*, dropout: float = 0.2, batch_norm: bool = False) -> keras.Model:
    """Return three convolutions with pooling, in which the maps shrink early."""
    pixels = keras.Input(INPUT)
    maps = _convolution(pixels, 32, kernel=4, stride=2, batch_norm=batch_norm)  # 14, 14, 32
    maps = _convolution(maps, 32, batch_norm=batch_norm)  # 14, 14, 32
    maps = layers.MaxPooling2D()(maps)  # 7, 7, 32
    maps = _convolution(maps, 96, batch_norm=batch_norm)  # 7, 7, 96
    return _classifier(pixels, maps, dropout, name="small_cnn")


def deep_cnn(*, dropout: float = 0.2, batch_norm: bool = True) -> keras.Model:
    """Return four convolutions: wider and deeper where the maps are small and cheap."""
    pixels = keras.Input(INPUT)
    maps = _convolution(pixels, 32, kernel=4, stride=2, batch_norm=batch_norm)  # 14, 14, 32
    maps = _convolution(maps, 48, stride=2, batch_norm=batch_norm)  # 7, 7, 48
    maps = _convolution(maps, 96, batch_norm=batch_norm)  # 7, 7, 96
    maps = layers.MaxPooling2D()(maps)  # 3, 3, 96
    maps = _convolution(maps, 128, batch_norm=batch_norm)  # 3, 3, 128
    return _classifier(pixels, maps, dropout, name="deep_cnn")


def residual_cnn(*, dropout: float = 0.2, batch_norm: bool = True) -> keras.Model:
    """Return a network with two residual blocks.

    Source: He, Zhang, Ren and Sun (2016), arXiv:1512.03385, for the block.
    """
    pixels = keras.Input(INPUT)
    maps = _convolution(pixels, 32, kernel=4, stride=2, batch_norm=batch_norm)  # 14, 14, 32
    maps = _convolution(maps, 48, stride=2, batch_norm=batch_norm)  # 7, 7, 48
    maps = _residual(maps, batch_norm=batch_norm)
    maps = _convolution(maps, 96, batch_norm=batch_norm)  # 7, 7, 96
    maps = layers.MaxPooling2D()(maps)  # 3, 3, 96
    maps = _residual(maps, batch_norm=batch_norm)
    return _classifier(pixels, maps, dropout, name="residual_cnn")


def _convolution(maps, filters: int, *, kernel: int = 3, stride: int = 1, batch_norm: bool):
    """Return a convolution of the maps and ReLU, with batch normalisation between them or not."""
    # Batch normalisation adds an offset of its own, so a bias before it would do nothing.
    maps = layers.Conv2D(filters, kernel, stride, padding="same", use_bias=not batch_norm)(maps)
    if batch_norm:
        maps = _normalised(maps)
    return layers.Activation("relu")(maps)


def _residual(maps, *, batch_norm: bool):
    """Return the maps plus what two convolutions make of them."""
    filters = maps.shape[-1]
    change = _convolution(maps, filters, batch_norm=batch_norm)
    change = layers.Conv2D(filters, 3, padding="same", use_bias=not batch_norm)(change)
    if batch_norm:
        change = _normalised(change)
    return layers.Activation("relu")(layers.Add()([maps, change]))


def _normalised(maps):
    """Return the maps with batch normalisation.

    Its running statistics, which count when the training is over, follow ten times faster than
    Keras's default: in a few hundred steps the slow ones would still be those of the beginning.
    """
    return layers.BatchNormalization(momentum=0.9)(maps)


def _classifier(pixels, maps, dropout: float, *, name: str) -> keras.Model:
    """Return the model that takes the largest value of each map, wherever it is, for its logits."""
    features = layers.GlobalMaxPooling2D()(maps)
    return keras.Model(pixels, _logits()(layers.Dropout(dropout)(features)), name=name)


def _logits() -> layers.Layer:
    """Return the last layer, in float32 whatever the precision of those before it."""
    return layers.Dense(CLASSES, dtype="float32", name="logits")


def multiplications(model: keras.Model) -> int:
    """Return how often a weight is multiplied with an input for one image.

    Only dense layers and convolutions count; what else there is costs little beside them.
    """
    weighing = [each for each in model.layers if isinstance(each, layers.Dense | layers.Conv2D)]
    return sum(
        math.prod(layer.kernel.shape) * math.prod(layer.output.shape[1:-1]) for layer in weighing
    )


# A recipe names a function of this module.
MODELS: dict[str, Callable[..., keras.Model]] = {name: globals()[name] for name in recipes.MODELS}
