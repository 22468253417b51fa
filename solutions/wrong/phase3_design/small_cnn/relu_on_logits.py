"""Misconception: activation-after-logits

caught-by: test_outputs_are_logits
says: Logits are any real numbers
"""

import keras


def small_cnn():
    return keras.Sequential(
        [
            keras.Input((28, 28, 1)),
            keras.layers.Conv2D(16, 4, strides=2, padding="same", activation="relu"),
            keras.layers.MaxPooling2D(),
            keras.layers.Flatten(),
            keras.layers.Dense(10, activation="relu"),
        ]
    )
