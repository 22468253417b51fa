"""Misconception: activation-after-logits

caught-by: test_two_dense_layers
says: Logits are any real numbers
"""

import keras


def matched_mlp(budget):
    width = round((budget - 10) / 795)
    return keras.Sequential(
        [
            keras.Input((28, 28, 1)),
            keras.layers.Flatten(),
            keras.layers.Dense(width, activation="relu"),
            keras.layers.Dense(10, activation="softmax"),
        ]
    )
