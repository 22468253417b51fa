"""Misconception: one-more-softmax-does-no-harm

caught-by: test_is_a_linear_classifier_with_logits
says: The model gives logits; the loss applies the softmax.
"""

import keras


def compiled_classifier(learning_rate=0.001):
    model = keras.Sequential(
        [
            keras.Input((28, 28, 1)),
            keras.layers.Flatten(),
            keras.layers.Dense(10, activation="softmax"),
        ]
    )
    model.compile(
        optimizer=keras.optimizers.Adam(learning_rate),
        loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True),
        metrics=["accuracy"],
    )
    return model
