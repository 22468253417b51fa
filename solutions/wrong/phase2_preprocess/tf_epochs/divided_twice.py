"""Misconception: scaling-twice-is-harmless

caught-by: test_worked_by_hand
says: Twice, and all images look black
"""

import numpy as np
import tensorflow as tf


def tf_epochs(images, labels, mean, deviation, batch_size, epochs, seed):
    images = images[..., np.newaxis].astype(np.float32) / 255

    def prepare(batch, batch_labels):
        return (batch / 255 - mean) / deviation, batch_labels

    stream = tf.data.Dataset.from_tensor_slices((images, labels))
    stream = stream.shuffle(len(images), seed=seed).batch(batch_size).map(prepare)
    return [list(stream.as_numpy_iterator()) for _ in range(epochs)]
