"""Which pixels move the logit?

Read phase 5 through "Where does it look?". An answer may import numpy, tensorflow and keras.
Complete the function, then type: fmnist check gradient_saliency
"""

import keras
import numpy as np
import tensorflow as tf


def network(rows, columns, weights):
    """Return a network with one hidden layer and the given weights. This is given.

    Args:
        rows: height of an image.
        columns: width of an image.
        weights: list of four float32 arrays: of the hidden layer, shapes (rows * columns, units)
            and (units,), and of the last layer, shapes (units, classes) and (classes,).

    Returns:
        keras.Model from float32 (n, rows, columns, 1) to logits (n, classes).
    """
    model = keras.Sequential(
        [
            keras.Input((rows, columns, 1)),
            keras.layers.Flatten(),
            keras.layers.Dense(weights[1].size, activation="relu"),
            keras.layers.Dense(weights[3].size),
        ]
    )
    model.set_weights(weights)
    return model


def gradient_saliency(image, weights, label):
    """Return how strongly the logit of one class depends on each pixel of one image.

    Args:
        image: float32, shape (rows, columns), standardised grey values.
        weights: list of four float32 arrays, as `network` takes them.
        label: int, the class in question, which need not be the predicted one.

    Returns:
        float32, shape (rows, columns), at least 0: the absolute value of the derivative of the
        logit of `label` with respect to each pixel, at this image.

    Example:
        >>> weights = [np.eye(2), np.zeros(2), np.array([[1.0], [-3.0]]), np.zeros(1)]
        >>> weights = [one.astype(np.float32) for one in weights]  # logit = left - 3 * right
        >>> gradient_saliency(np.ones((1, 2), dtype=np.float32), weights, label=0).tolist()
        [[1.0, 3.0]]
    """
    model = network(*image.shape, weights)
    # Keras wants a batch and a channel: (1, rows, columns, 1).
    pixels = tf.convert_to_tensor(image[np.newaxis, :, :, np.newaxis])
    with tf.GradientTape() as tape:
        tape.watch(pixels)  # a tape follows variables by itself, but not an image
        # One logit alone: the tape adds up the gradients of all that it is asked for.
        logit = model(pixels, training=False)[0, label]
    slopes = tape.gradient(logit, pixels).numpy()
    return np.abs(slopes[0, :, :, 0])


# Other good ways: nudge one pixel at a time and divide the change of the logit by the nudge. That
# needs no tape and explains itself, but asks the network once or twice a pixel, and is exact only
# where no hidden unit switches. The sign, which is dropped here, says whether a brighter pixel
# speaks for the class or against it; the map in the chapter keeps it, and colours it.
