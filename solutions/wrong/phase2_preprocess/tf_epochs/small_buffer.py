"""Misconception: any-buffer-shuffles

caught-by: test_a_sorted_file_is_mixed
says: all of them have a chance to come next
"""

import tensorflow as tf


def tf_epochs(images, labels, mean, deviation, batch_size, epochs, seed):
    def prepare(batch, batch_labels):
        unit = tf.cast(batch[..., tf.newaxis], tf.float32) / 255
        return (unit - mean) / deviation, batch_labels

    stream = tf.data.Dataset.from_tensor_slices((images, labels))
    stream = stream.shuffle(batch_size, seed=seed).batch(batch_size).map(prepare)
    return [list(stream.as_numpy_iterator()) for _ in range(epochs)]
