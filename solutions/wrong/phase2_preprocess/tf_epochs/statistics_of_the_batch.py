"""Misconception: own-statistics

caught-by: test_every_image_once_with_its_label
says: A batch has no say in
"""

import tensorflow as tf


def tf_epochs(images, labels, mean, deviation, batch_size, epochs, seed):
    def prepare(batch, batch_labels):
        unit = tf.cast(batch[..., tf.newaxis], tf.float32) / 255
        own = tf.math.reduce_std(unit)
        return (unit - tf.reduce_mean(unit)) / tf.maximum(own, 1 / 255), batch_labels

    stream = tf.data.Dataset.from_tensor_slices((images, labels))
    stream = stream.shuffle(len(images), seed=seed).batch(batch_size).map(prepare)
    return [list(stream.as_numpy_iterator()) for _ in range(epochs)]
