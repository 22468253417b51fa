"""One training step of a Keras network.

Read phase 4 through "Seven medicines". An answer may import keras, numpy and tensorflow. The
network is built from the weights that are given; complete the function, then type:
fmnist check training_step
"""

import keras
import tensorflow as tf


def training_step(weights, images, labels, rate):
    """Return the weights of a network after one step of gradient descent, and the loss.

    The network has a dense layer, batch normalisation, ReLU, and a dense layer of logits. The loss
    is the mean cross-entropy of the batch in nats; the step is that of plain gradient descent
    (SGD without momentum). The network is in training, so batch normalisation uses the statistics
    of this batch, and moves its running statistics a little towards them.

    Args:
        weights: list of seven float32 arrays, in the order of `model.get_weights()`: kernel
            (pixels, hidden); gamma, beta, running mean and running variance (hidden,) each;
            kernel (hidden, classes); bias (classes,).
        images: float32, shape (n, pixels), n at least 2.
        labels: int64, shape (n,), the true classes, from 0 to classes - 1.
        rate: float above 0, the learning rate.

    Returns:
        tuple (new_weights, loss): a list of seven float32 arrays in the same order, and a float,
        the loss of the batch before the step.
    """
    pixels, hidden = weights[0].shape
    model = keras.Sequential(
        [
            keras.Input((pixels,)),
            keras.layers.Dense(hidden, use_bias=False),
            keras.layers.BatchNormalization(),
            keras.layers.ReLU(),
            keras.layers.Dense(len(weights[-1])),
        ]
    )
    model.set_weights(weights)
    raise NotImplementedError("Replace this line with your answer.")
