"""Misconception: one-input-per-member

caught-by: test_one_image_goes_in_and_ten_numbers_come_out
says: An ensemble is asked about one image
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
    inputs = [keras.Input((28, 28, 1)) for _ in members]
    stated = [
        keras.layers.Softmax()(small_network(images, weights))
        for images, weights in zip(inputs, members, strict=True)
    ]
    return keras.Model(inputs, keras.layers.Average()(stated))
