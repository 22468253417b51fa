"""Misconception: frozen-layers-are-free

caught-by: test_everything_can_be_trained
says: A frozen layer stays as random as it began
"""

import keras


def small_cnn():
    return keras.Sequential(
        [
            keras.Input((28, 28, 1)),
            keras.layers.Conv2D(32, 4, strides=2, activation="relu", trainable=False),
            keras.layers.Conv2D(64, 3, strides=2, activation="relu", trainable=False),
            keras.layers.GlobalMaxPooling2D(),
            keras.layers.Dense(10),
        ]
    )
