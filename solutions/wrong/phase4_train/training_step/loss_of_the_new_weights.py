"""Misconception: loss-after-the-step

caught-by: test_the_loss_is_that_before_the_step
says: the rate can have no influence on the loss
"""

import keras
import tensorflow as tf


def training_step(weights, images, labels, rate):
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
    loss_of = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    with tf.GradientTape() as tape:
        loss = loss_of(labels, model(images, training=True))
    gradients = tape.gradient(loss, model.trainable_variables)
    for variable, gradient in zip(model.trainable_variables, gradients, strict=True):
        variable.assign_sub(rate * gradient)
    return model.get_weights(), float(loss_of(labels, model(images, training=False)))
