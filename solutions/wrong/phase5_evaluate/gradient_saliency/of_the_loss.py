"""Misconception: probability-gradient-is-logit-gradient

caught-by: test_a_sure_network_still_looks_somewhere
says: its probability hardly moves and neither does its loss
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
        logits = model(pixels, training=False)
        truth = np.array([label])
        score = keras.losses.sparse_categorical_crossentropy(truth, logits, from_logits=True)
    return np.abs(tape.gradient(score, pixels).numpy()[0, :, :, 0])
