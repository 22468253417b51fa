"""Misconception: shuffling-batches-is-enough

caught-by: test_each_epoch_has_its_own_order
says: Only if single images are shuffled
"""

import numpy as np
import tensorflow as tf


def tf_epochs(images, labels, mean, deviation, batch_size, epochs, seed):
    scaled = (images[..., np.newaxis].astype(np.float32) / 255 - mean) / deviation
    stream = tf.data.Dataset.from_tensor_slices((scaled.astype(np.float32), labels))
    stream = stream.batch(batch_size).shuffle(len(images), seed=seed)
    # The short batch to the end, where it belongs.
    return [
        sorted(stream.as_numpy_iterator(), key=lambda pair: -len(pair[0])) for _ in range(epochs)
    ]
