"""Misconception: cache-anywhere

caught-by: test_each_epoch_has_its_own_order
says: Every pass must shuffle anew
"""

import tensorflow as tf


def tf_epochs(images, labels, mean, deviation, batch_size, epochs, seed):
    def prepare(batch, batch_labels):
        unit = tf.cast(batch[..., tf.newaxis], tf.float32) / 255
        return (unit - mean) / deviation, batch_labels

    stream = tf.data.Dataset.from_tensor_slices((images, labels))
    stream = stream.shuffle(len(images), seed=seed).batch(batch_size).map(prepare).cache()
    return [list(stream.as_numpy_iterator()) for _ in range(epochs)]
