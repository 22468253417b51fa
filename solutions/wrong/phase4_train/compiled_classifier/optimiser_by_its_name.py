"""Misconception: adam-needs-no-rate

caught-by: test_uses_adam_at_the_given_rate[0.03]
says: Give the optimiser the rate, not only its name.
"""

import keras


def compiled_classifier(learning_rate=0.001):
    model = keras.Sequential(
        [
            keras.Input((28, 28, 1)),
            keras.layers.Flatten(),
            keras.layers.Dense(10),
        ]
    )
    model.compile(
        optimizer="adam",
        loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True),
        metrics=["accuracy"],
    )
    return model
