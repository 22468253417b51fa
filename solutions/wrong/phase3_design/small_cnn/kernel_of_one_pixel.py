"""Misconception: any-convolution-sees-neighbours

caught-by: test_convolves
says: A kernel of one pixel mixes the channels of that pixel
"""

import keras


def small_cnn():
    return keras.Sequential(
        [
            keras.Input((28, 28, 1)),
            keras.layers.Conv2D(32, 1, activation="relu"),
            keras.layers.MaxPooling2D(4),
            keras.layers.Flatten(),
            keras.layers.Dense(10),
        ]
    )
