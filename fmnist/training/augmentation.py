"""Augmentation: training images changed in ways that keep their labels, anew in every epoch."""

import tensorflow as tf

LARGEST_SHIFT = 2  # pixels, in both directions


def augment(images: tf.Tensor, *, seed: tuple[int | tf.Tensor, int | tf.Tensor]) -> tf.Tensor:
    """Return the images, half of them mirrored, each shifted by up to two pixels.

    A mirrored shirt is still a shirt, and so is one that hangs two pixels lower; what is shifted
    in from outside is background.

    Args:
        images: uint8 or float32, shape (n, 28, 28, 1), background 0.
        seed: two integers; the same seed draws the same changes.

    Returns:
        dtype and shape of `images`.
    """
    count, columns = tf.shape(images)[0], tf.shape(images)[2]
    draw = tf.stack([tf.cast(part, tf.int64) for part in seed])
    mirrored = tf.random.stateless_uniform([count], draw) < 0.5
    shifts = tf.random.stateless_uniform(
        [count, 2], draw + 1, -LARGEST_SHIFT, LARGEST_SHIFT + 1, tf.int32
    )
    across, down = tf.unstack(tf.cast(shifts, tf.float32), axis=1)
    # The operation takes, for each image, the matrix that maps a place in the result to the place
    # it comes from: column = a x + c and row = y + f, with a = -1 in a mirror.
    a = tf.where(mirrored, -1.0, 1.0)
    c = across + tf.where(mirrored, tf.cast(columns - 1, tf.float32), 0.0)
    zero, one = tf.zeros_like(a), tf.ones_like(a)
    return tf.raw_ops.ImageProjectiveTransformV3(
        images=images,
        transforms=tf.stack([a, zero, c, zero, one, down, zero, zero], axis=1),
        output_shape=tf.shape(images)[1:3],
        fill_value=0.0,
        interpolation="NEAREST",
        fill_mode="CONSTANT",
    )
