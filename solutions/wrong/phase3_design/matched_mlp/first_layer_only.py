"""Misconception: only-the-first-layer-counts

caught-by: test_as_many_parameters[small_cnn]
says: its weights to all classes
"""

import keras


def matched_mlp(budget):
    width = round(budget / 785)
    return keras.Sequential(
        [
            keras.Input((28, 28, 1)),
            keras.layers.Flatten(),
            keras.layers.Dense(width, activation="relu"),
            keras.layers.Dense(10),
        ]
    )
