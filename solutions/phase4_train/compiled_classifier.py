"""Compile a network whose outputs are logits.

Read phase 4 through "Loss". An answer may import keras. The layers are there; fill the gap,
then type: fmnist check compiled_classifier
"""

import keras


def compiled_classifier(learning_rate=0.001):
    """Return a linear classifier for Fashion-MNIST, ready to be trained.

    Args:
        learning_rate: float above 0, of the Adam optimiser.

    Returns:
        keras.Model with input shape (None, 28, 28, 1) and a single dense layer of ten logits
        (no activation), compiled with Adam at `learning_rate`, the sparse categorical
        cross-entropy *of logits*, and the metric "accuracy".
    """
    model = keras.Sequential(
        [
            keras.Input((28, 28, 1)),
            keras.layers.Flatten(),
            keras.layers.Dense(10),
        ]
    )
    model.compile(
        optimizer=keras.optimizers.Adam(learning_rate),
        # The layer has no softmax, so the loss must apply it: from_logits. Keyword arguments,
        # because the third positional one is not metrics but loss_weights.
        loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True),
        metrics=["accuracy"],
    )
    return model
    # Another good way is a softmax as the last layer's activation and from_logits=False: softmax
    # once as well, and outputs that are probabilities. Logits are kept here because the loss then
    # takes softmax and logarithm in one step, which stays exact for large logits.
