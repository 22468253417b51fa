"""Networks for 28 by 28 pixels and ten classes. All return logits and are not compiled.

Input: float32, shape (n, 28, 28, 1). Output: float32, shape (n, 10), any real numbers. Every
function takes the share of features that dropout sets to 0 before the last layer, and whether
its convolutions are followed by batch normalisation; those in `recipes.WHITENED` also whether
their first layer is trained or `whitening` has computed its filters.

The convolutional networks begin with a stride of 2: most of the work is then done on maps of
14 by 14 pixels and less, and an epoch of 50,000 images takes a core well under a minute.
"""

import math
from collections.abc import Callable
from typing import Any

import keras
import tensorflow as tf
from keras import layers

from fmnist.training import recipes
from fmnist.training.recipes import Recipe

CLASSES = 10
STEM = "stem"  # name of the first layer
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


def small_cnn(
    *, dropout: float = 0.2, batch_norm: bool = False, stem: str = "trained"
) -> keras.Model:
    """Return three convolutions with pooling, in which the maps shrink early."""
    pixels = keras.Input(INPUT)
    maps = _stem(pixels, stem, batch_norm=batch_norm)  # 14, 14, 32
    maps = _convolution(maps, 32, batch_norm=batch_norm)  # 14, 14, 32
    maps = layers.MaxPooling2D()(maps)  # 7, 7, 32
    maps = _convolution(maps, 96, batch_norm=batch_norm)  # 7, 7, 96
    return _classifier(pixels, maps, dropout, name="small_cnn")


def deep_cnn(
    *, dropout: float = 0.2, batch_norm: bool = True, stem: str = "trained"
) -> keras.Model:
    """Return four convolutions: wider and deeper where the maps are small and cheap."""
    pixels = keras.Input(INPUT)
    maps = _stem(pixels, stem, batch_norm=batch_norm)  # 14, 14, 32
    maps = _convolution(maps, 48, stride=2, batch_norm=batch_norm)  # 7, 7, 48
    maps = _convolution(maps, 96, batch_norm=batch_norm)  # 7, 7, 96
    maps = layers.MaxPooling2D()(maps)  # 3, 3, 96
    maps = _convolution(maps, 128, batch_norm=batch_norm)  # 3, 3, 128
    return _classifier(pixels, maps, dropout, name="deep_cnn")


def pooled_cnn(
    *, dropout: float = 0.2, batch_norm: bool = True, stem: str = "trained"
) -> keras.Model:
    """Return `deep_cnn` with 64 instead of 48 filters and pooling in the place of their stride.

    A stride computes a quarter of the places; pooling computes all and keeps the largest of four.
    """
    pixels = keras.Input(INPUT)
    maps = _stem(pixels, stem, batch_norm=batch_norm)  # 14, 14, 32
    maps = _convolution(maps, 64, pooled=True, batch_norm=batch_norm)  # 7, 7, 64
    maps = _convolution(maps, 96, batch_norm=batch_norm)  # 7, 7, 96
    maps = layers.MaxPooling2D()(maps)  # 3, 3, 96
    maps = _convolution(maps, 128, batch_norm=batch_norm)  # 3, 3, 128
    return _classifier(pixels, maps, dropout, name="pooled_cnn")


def residual_cnn(
    *, dropout: float = 0.2, batch_norm: bool = True, stem: str = "trained"
) -> keras.Model:
    """Return a network with two residual blocks.

    Source: He, Zhang, Ren and Sun (2016), arXiv:1512.03385, for the block.
    """
    pixels = keras.Input(INPUT)
    maps = _stem(pixels, stem, batch_norm=batch_norm)  # 14, 14, 32
    maps = _convolution(maps, 48, stride=2, batch_norm=batch_norm)  # 7, 7, 48
    maps = _residual(maps, batch_norm=batch_norm)
    maps = _convolution(maps, 96, batch_norm=batch_norm)  # 7, 7, 96
    maps = layers.MaxPooling2D()(maps)  # 3, 3, 96
    maps = _residual(maps, batch_norm=batch_norm)
    return _classifier(pixels, maps, dropout, name="residual_cnn")


def wide_cnn(
    *, dropout: float = 0.2, batch_norm: bool = True, stem: str = "trained"
) -> keras.Model:
    """Return five convolutions, two of them with a shortcut around them."""
    pixels = keras.Input(INPUT)
    maps = _stem(pixels, stem, batch_norm=batch_norm)  # 14, 14, 32
    maps = _convolution(maps, 64, pooled=True, batch_norm=batch_norm)  # 7, 7, 64
    maps = layers.Add()([maps, _convolution(maps, 64, batch_norm=batch_norm)])
    maps = _convolution(maps, 128, pooled=True, batch_norm=batch_norm)  # 3, 3, 128
    maps = layers.Add()([maps, _convolution(maps, 128, batch_norm=batch_norm)])
    return _classifier(pixels, maps, dropout, name="wide_cnn")


def widest_cnn(
    *, dropout: float = 0.2, batch_norm: bool = True, stem: str = "trained"
) -> keras.Model:
    """Return eight convolutions, two pairs of them with a shortcut around them."""
    pixels = keras.Input(INPUT)
    maps = _stem(pixels, stem, batch_norm=batch_norm)  # 14, 14, 32
    maps = _convolution(maps, 64, batch_norm=batch_norm)  # 14, 14, 64
    for filters in (64, 128):
        maps = _convolution(maps, filters, pooled=True, batch_norm=batch_norm)
        change = _convolution(maps, filters, batch_norm=batch_norm)
        maps = layers.Add()([maps, _convolution(change, filters, batch_norm=batch_norm)])
    return _classifier(pixels, maps, dropout, name="widest_cnn")


def broad_cnn(
    *, dropout: float = 0.2, batch_norm: bool = True, stem: str = "trained"
) -> keras.Model:
    """Return `deep_cnn` with more filters, for five times as many multiplications."""
    pixels = keras.Input(INPUT)
    maps = _stem(pixels, stem, batch_norm=batch_norm)  # 14, 14, 32
    maps = _convolution(maps, 136, stride=2, batch_norm=batch_norm)  # 7, 7, 136
    maps = _convolution(maps, 208, batch_norm=batch_norm)  # 7, 7, 208
    maps = layers.MaxPooling2D()(maps)  # 3, 3, 208
    maps = _convolution(maps, 264, batch_norm=batch_norm)  # 3, 3, 264
    return _classifier(pixels, maps, dropout, name="broad_cnn")


def plain_4(*, dropout: float = 0.2, batch_norm: bool = False) -> keras.Model:
    """Return a tower of four equal convolutions on maps of 7 by 7."""
    return _tower(4, dropout=dropout, batch_norm=batch_norm, name="plain_4")


def plain_12(*, dropout: float = 0.2, batch_norm: bool = False) -> keras.Model:
    """Return a tower of twelve."""
    return _tower(12, dropout=dropout, batch_norm=batch_norm, name="plain_12")


def plain_24(*, dropout: float = 0.2, batch_norm: bool = False) -> keras.Model:
    """Return a tower of twenty-four."""
    return _tower(24, dropout=dropout, batch_norm=batch_norm, name="plain_24")


def shortcut_4(*, dropout: float = 0.2, batch_norm: bool = False) -> keras.Model:
    """Return `plain_4` with a shortcut around each convolution."""
    return _tower(4, shortcuts=True, dropout=dropout, batch_norm=batch_norm, name="shortcut_4")


def shortcut_12(*, dropout: float = 0.2, batch_norm: bool = False) -> keras.Model:
    """Return `plain_12` with shortcuts."""
    return _tower(12, shortcuts=True, dropout=dropout, batch_norm=batch_norm, name="shortcut_12")


def shortcut_24(*, dropout: float = 0.2, batch_norm: bool = False) -> keras.Model:
    """Return `plain_24` with shortcuts."""
    return _tower(24, shortcuts=True, dropout=dropout, batch_norm=batch_norm, name="shortcut_24")


def _tower(
    depth: int, *, shortcuts: bool = False, dropout: float, batch_norm: bool, name: str
) -> keras.Model:
    pixels = keras.Input(INPUT)
    maps = _convolution(pixels, 24, kernel=4, stride=2, batch_norm=batch_norm)  # 14, 14, 24
    maps = _convolution(maps, 32, stride=2, batch_norm=batch_norm)  # 7, 7, 32
    for _ in range(depth):
        change = _convolution(maps, 32, batch_norm=batch_norm)
        maps = layers.Add()([maps, change]) if shortcuts else change
    return _classifier(pixels, maps, dropout, name=name)


def max_pooling(*, dropout: float = 0.2, batch_norm: bool = False) -> keras.Model:
    """Return `strided_cnn` with the largest of four places instead of its second stride."""
    return _shrinking(layers.MaxPooling2D(), dropout, batch_norm, name="max_pooling")


def average_pooling(*, dropout: float = 0.2, batch_norm: bool = False) -> keras.Model:
    """Return `strided_cnn` with the mean of four places instead of its second stride."""
    return _shrinking(layers.AveragePooling2D(2), dropout, batch_norm, name="average_pooling")


def _shrinking(
    pooling: layers.Layer, dropout: float, batch_norm: bool, *, name: str
) -> keras.Model:
    pixels = keras.Input(INPUT)
    maps = _convolution(pixels, 24, kernel=4, stride=2, batch_norm=batch_norm)  # 14, 14, 24
    maps = pooling(_convolution(maps, 32, batch_norm=batch_norm))  # 7, 7, 32
    maps = _convolution(maps, 64, batch_norm=batch_norm)  # 7, 7, 64
    return _classifier(pixels, maps, dropout, name=name)


def global_average(*, dropout: float = 0.2, batch_norm: bool = False) -> keras.Model:
    """Return `strided_cnn` with the mean of each last map instead of its largest value."""
    pixels, maps = _strided_maps(batch_norm=batch_norm)
    features = layers.Dropout(dropout)(layers.GlobalAveragePooling2D()(maps))
    return keras.Model(pixels, _logits()(features), name="global_average")


def every_place(*, dropout: float = 0.2, batch_norm: bool = False) -> keras.Model:
    """Return `strided_cnn` with all values of its last maps instead of the largest of each."""
    pixels, maps = _strided_maps(batch_norm=batch_norm)
    features = layers.Dropout(dropout)(layers.Flatten()(maps))
    return keras.Model(pixels, _logits()(features), name="every_place")


def _strided_maps(*, batch_norm: bool):
    """Return pixels and last maps of `strided_cnn`."""
    pixels = keras.Input(INPUT)
    maps = _convolution(pixels, 24, kernel=4, stride=2, batch_norm=batch_norm)  # 14, 14, 24
    maps = _convolution(maps, 32, stride=2, batch_norm=batch_norm)  # 7, 7, 32
    return pixels, _convolution(maps, 64, batch_norm=batch_norm)  # 7, 7, 64


def _stem(pixels, how: str, *, batch_norm: bool):
    """Return the first layer's 32 maps of 14 by 14: trained, or frozen for `whitening` to fill."""
    if how == "trained":
        return _convolution(pixels, 32, kernel=4, stride=2, batch_norm=batch_norm)
    maps = layers.Conv2D(
        32, 4, 2, padding="same", use_bias=False, trainable=False, name=STEM
    )(pixels)  # fmt: skip
    return layers.Activation("relu")(maps)


def _convolution(
    maps,
    filters: int,
    *,
    kernel: int = 3,
    stride: int = 1,
    pooled: bool = False,
    batch_norm: bool,
):
    """Return a convolution of the maps and ReLU, with pooling and batch normalisation or not."""
    # Batch normalisation adds an offset of its own, so a bias before it would do nothing.
    maps = layers.Conv2D(filters, kernel, stride, padding="same", use_bias=not batch_norm)(maps)
    if pooled:
        maps = layers.MaxPooling2D()(maps)
    if batch_norm:
        maps = BatchNormalization()(maps)
    return layers.Activation("relu")(maps)


def _residual(maps, *, batch_norm: bool):
    """Return the maps plus what two convolutions make of them."""
    filters = maps.shape[-1]
    change = _convolution(maps, filters, batch_norm=batch_norm)
    change = layers.Conv2D(filters, 3, padding="same", use_bias=not batch_norm)(change)
    if batch_norm:
        change = BatchNormalization()(change)
    return layers.Activation("relu")(layers.Add()([maps, change]))


class BatchNormalization(layers.BatchNormalization):
    """Keras's layer, computed in training by one operation instead of several.

    Its running statistics, which count when the training is over, follow ten times faster than
    Keras's default: in a few hundred steps the slow ones would still be those of the beginning.
    """

    def __init__(self, momentum: float = 0.9, **settings) -> None:
        """Take Keras's settings."""
        super().__init__(momentum=momentum, **settings)

    def call(self, inputs, training=None, mask=None):
        """Return the maps, standardised over the batch and all places, in training."""
        if not training:
            return super().call(inputs, training=False, mask=mask)
        maps, mean, variance = tf.compat.v1.nn.fused_batch_norm(
            inputs, self.gamma, self.beta, epsilon=self.epsilon
        )
        for kept, new in ((self.moving_mean, mean), (self.moving_variance, variance)):
            kept.assign(kept * self.momentum + new * (1 - self.momentum))
        return maps


def _classifier(pixels, maps, dropout: float, *, name: str) -> keras.Model:
    """Return the model that takes the largest value of each map, wherever it is, for its logits."""
    features = layers.GlobalMaxPooling2D()(maps)
    return keras.Model(pixels, _logits()(layers.Dropout(dropout)(features)), name=name)


def _logits() -> layers.Layer:
    """Return the last layer, in float32 whatever the precision of those before it."""
    return layers.Dense(CLASSES, dtype="float32", name="logits")


def of(recipe: Recipe) -> keras.Model:
    """Return the untrained network of a recipe."""
    options: dict[str, Any] = {"dropout": recipe.dropout, "batch_norm": recipe.batch_norm}
    if recipe.model in recipes.WHITENED:
        options["stem"] = recipe.stem
    return MODELS[recipe.model](**options)


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
