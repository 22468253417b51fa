"""Networks for 28 by 28 pixels and ten classes. All return logits and are not compiled.

Input: float32, shape (n, 28, 28, 1). Output: float32, shape (n, 10), any real numbers.
"""

from collections.abc import Callable

import keras

CLASSES = 10
INPUT = (28, 28, 1)  # rows, columns, channels


def linear() -> keras.Model:
    """Return one dense layer on the pixels: multinomial logistic regression."""
    return keras.Sequential(
        [keras.Input(INPUT), keras.layers.Flatten(), keras.layers.Dense(CLASSES)],
        name="linear",
    )


def small_cnn() -> keras.Model:
    """Return three convolutions with pooling, in which the maps shrink early.

    The first convolution has stride 2, so that most of the work is done on 14 by 14 maps: that
    is what makes an epoch of 50,000 images take seconds on two cores.
    """
    layers = keras.layers
    return keras.Sequential(
        [
            keras.Input(INPUT),
            layers.Conv2D(32, 4, strides=2, padding="same", activation="relu"),  # 14, 14, 32
            layers.Conv2D(48, 3, padding="same", activation="relu"),  # 14, 14, 48
            layers.MaxPooling2D(),  # 7, 7, 48
            layers.Conv2D(96, 3, padding="same", activation="relu"),  # 7, 7, 96
            layers.GlobalMaxPooling2D(),  # 96
            layers.Dropout(0.2),
            layers.Dense(CLASSES),
        ],
        name="small_cnn",
    )


MODELS: dict[str, Callable[[], keras.Model]] = {"linear": linear, "small_cnn": small_cnn}
