"""Misconception: biases-are-free

caught-by: test_as_many_parameters[a wide layer]
says: its weights from all pixels, its bias, and its weights to all classes
"""

import keras


def matched_mlp(budget):
    width = round(budget / 794)
    return keras.Sequential(
        [
            keras.Input((28, 28, 1)),
            keras.layers.Flatten(),
            keras.layers.Dense(width, activation="relu"),
            keras.layers.Dense(10),
        ]
    )
