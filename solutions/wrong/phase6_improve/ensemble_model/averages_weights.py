"""Misconception: weights-can-be-averaged

caught-by: test_holds_the_weights_of_all_members
says: Averaged weights belong to no network
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
    mean = [sum(parts) / len(parts) for parts in zip(*members, strict=True)]
    return keras.Model(images, keras.layers.Softmax()(small_network(images, mean)))
