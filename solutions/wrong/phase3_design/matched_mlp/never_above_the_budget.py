"""Misconception: a-budget-is-a-ceiling

caught-by: test_as_many_parameters[rounded up]
says: one unit too many may be nearer than one too few
"""

import keras


def matched_mlp(budget):
    width = (budget - 10) // 795
    return keras.Sequential(
        [
            keras.Input((28, 28, 1)),
            keras.layers.Flatten(),
            keras.layers.Dense(width, activation="relu"),
            keras.layers.Dense(10),
        ]
    )
