"""Misconception: tape-takes-several-outputs-apart

caught-by: test_one_class_at_a_time[0]
says: A tape that is given several outputs adds up their gradients
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
        score = model(pixels, training=False)
    return np.abs(tape.gradient(score, pixels).numpy()[0, :, :, 0])
