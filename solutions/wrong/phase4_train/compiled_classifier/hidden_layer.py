"""Misconception: last-layer-makes-linear

caught-by: test_is_a_linear_classifier_with_logits
says: One dense layer: a weight for each pixel and class
"""

import keras


def compiled_classifier(learning_rate=0.001):
    model = keras.Sequential(
        [
            keras.Input((28, 28, 1)),
            keras.layers.Flatten(),
            keras.layers.Dense(64, activation="relu"),
            keras.layers.Dense(10),
        ]
    )
    model.compile(
        optimizer=keras.optimizers.Adam(learning_rate),
        loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True),
        metrics=["accuracy"],
    )
    return model
