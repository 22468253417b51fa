"""Misconception: logits-share-a-scale

caught-by: test_the_largest_logits_do_not_decide
says: A logit has no scale that two networks share
"""

import keras


def small_network(images, weights):
    first = keras.layers.Dense(len(weights[1]), activation="relu")
    last = keras.layers.Dense(10)
    pixels = keras.layers.Flatten()(keras.layers.AveragePooling2D(4)(images))
    logits = last(first(pixels))
    first.set_weights(weights[:2])
    last.set_weights(weights[2:])
    return logits


def ensemble_model(members):
    images = keras.Input((28, 28, 1))
    logits = [small_network(images, weights) for weights in members]
    return keras.Model(images, keras.layers.Softmax()(keras.layers.Average()(logits)))
