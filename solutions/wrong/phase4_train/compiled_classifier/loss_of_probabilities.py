"""Misconception: loss-knows-what-it-gets

caught-by: test_loss_is_the_cross_entropy_of_logits
says: it takes them for probabilities
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
        optimizer=keras.optimizers.Adam(learning_rate),
        loss=keras.losses.SparseCategoricalCrossentropy(),
        metrics=["accuracy"],
    )
    return model
