"""Misconception: bright-pixels-matter-more

caught-by: test_a_linear_logit_has_the_weights_for_a_map
says: How bright the pixel is now does not enter
"""

import keras
import numpy as np
import tensorflow as tf


def network(rows, columns, weights):
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
    model = network(*image.shape, weights)
    pixels = tf.convert_to_tensor(image[np.newaxis, :, :, np.newaxis])
    with tf.GradientTape() as tape:
        tape.watch(pixels)
        score = model(pixels, training=False)[0, label]
    return np.abs(tape.gradient(score, pixels).numpy()[0, :, :, 0] * image)
