"""Misconception: negative-gradient-matters-less

caught-by: test_one_number_for_each_pixel
says: This map says how much a pixel matters
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
    return tape.gradient(score, pixels).numpy()[0, :, :, 0]
