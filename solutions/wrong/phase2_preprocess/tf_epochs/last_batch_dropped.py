"""Misconception: last-batch-does-not-matter

caught-by: test_every_image_once_with_its_label
says: The last images form a smaller batch
"""

import tensorflow as tf


def tf_epochs(images, labels, mean, deviation, batch_size, epochs, seed):
    def prepare(batch, batch_labels):
        unit = tf.cast(batch[..., tf.newaxis], tf.float32) / 255
        return (unit - mean) / deviation, batch_labels

    stream = tf.data.Dataset.from_tensor_slices((images, labels)).shuffle(len(images), seed=seed)
    stream = stream.batch(batch_size, drop_remainder=len(images) > batch_size).map(prepare)
    return [list(stream.as_numpy_iterator()) for _ in range(epochs)]
