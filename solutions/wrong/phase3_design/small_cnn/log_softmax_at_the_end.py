"""Misconception: log-probabilities-are-logits

caught-by: test_nothing_follows_the_last_layer
says: Logits are any real numbers
"""

import keras


def small_cnn():
    return keras.Sequential(
        [
            keras.Input((28, 28, 1)),
            keras.layers.Conv2D(16, 4, strides=2, padding="same", activation="relu"),
            keras.layers.GlobalMaxPooling2D(),
            keras.layers.Dense(10, activation="log_softmax"),
        ]
    )
