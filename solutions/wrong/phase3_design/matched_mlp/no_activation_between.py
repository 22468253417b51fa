"""Misconception: dense-layers-bend

caught-by: test_the_hidden_layer_bends
says: Two dense layers with nothing between them are one
"""

import keras


def matched_mlp(budget):
    width = round((budget - 10) / 795)
    return keras.Sequential(
        [
            keras.Input((28, 28, 1)),
            keras.layers.Flatten(),
            keras.layers.Dense(width),
            keras.layers.Dense(10),
        ]
    )
