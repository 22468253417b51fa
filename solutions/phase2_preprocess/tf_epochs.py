"""A stream of standardised batches with tf.data.

Read phase 2 through "Batches: the order of the steps". An answer may import tensorflow, keras and
numpy. Complete the function, then type: fmnist check tf_epochs
"""

import numpy as np
import tensorflow as tf


def tf_epochs(images, labels, mean, deviation, batch_size, epochs, seed):
    """Return what a network would get in several epochs from a stream of tf.data.

    Args:
        images: uint8, shape (n, rows, columns), in [0, 255], n at least 1; perhaps sorted by class.
        labels: uint8, shape (n,).
        mean: float, of the training pixels after they are scaled to [0, 1].
        deviation: float above 0, their standard deviation, on the same scale.
        batch_size: int, at least 1.
        epochs: int, at least 1.
        seed: int, at least 0: the same seed gives the same batches, another seed others.

    Returns:
        list with one list for each epoch, of tuples (batch, batch_labels), both NumPy arrays:
        float32 of shape (b, rows, columns, 1), scaled to [0, 1] and then standardised with `mean`
        and `deviation`; and uint8 of shape (b,). All batches have b = batch_size, but the last of
        an epoch may be smaller. Each epoch holds each image once, in an order of its own.

    Example:
        >>> white = np.full((1, 1, 2), 255, dtype=np.uint8)
        >>> [[(batch, given)]] = tf_epochs(white, np.array([8], np.uint8), 0.5, 0.25, 32, 1, seed=0)
        >>> batch.shape, batch.ravel().tolist(), given.tolist()
        ((1, 1, 2, 1), [2.0, 2.0], [8])
    """
    mean, deviation = np.float32(mean), np.float32(deviation)

    def prepare(batch, batch_labels):
        # float32 before the division: uint8 has no fractions. The division by 255 happens here and
        # nowhere else, because the statistics belong to pixels from 0 to 1.
        unit = tf.cast(batch[..., tf.newaxis], tf.float32) / np.float32(255)
        return (unit - mean) / deviation, batch_labels

    stream = (
        tf.data.Dataset.from_tensor_slices((images, labels))
        # A buffer with room for all: a smaller one only mixes neighbours of the file.
        .shuffle(len(images), seed=seed, reshuffle_each_iteration=True)
        .batch(batch_size)
        # After batch, one call standardises a whole batch instead of one image.
        .map(prepare)
        .prefetch(tf.data.AUTOTUNE)
    )
    # Each pass over the stream shuffles anew, so it is one epoch.
    return [list(stream.as_numpy_iterator()) for _ in range(epochs)]


# .repeat(epochs) before .batch would let batches reach over the end of an epoch. cache() saves work
# if it stands before shuffle; after it, it keeps the first order for ever. fmnist.training.pipeline
# draws each epoch from seed and epoch alone, so that a training can go on where it was stopped.
