"""Batches for training, with `tf.data`: shuffle, batch, augment, standardise, prefetch.

The order of these steps is the lesson. Shuffling comes before batching: afterwards it would only
reorder the same batches in every epoch. Augmentation comes before standardising, while the
background is 0, so that what is shifted in is background. Neither is ever applied to validation
or test images.
"""

import numpy as np
import tensorflow as tf

from fmnist.data import splits
from fmnist.data.preprocess import Standardiser

LARGEST_SHIFT = 2  # pixels, in both directions


def pipeline(
    split: splits.Split,
    standardiser: Standardiser,
    *,
    batch_size: int,
    seed: int,
    epoch: int,
    augmentation: str = "none",
) -> tf.data.Dataset:
    """Return the batches of one epoch.

    Order and augmentation follow from seed and epoch alone, so an epoch can be repeated without
    those before it.

    Args:
        split: training images and labels.
        standardiser: with statistics of training images.
        batch_size: images a batch; the last one may be smaller.
        seed: of the run.
        epoch: from 0.
        augmentation: "none" or "flip_shift".

    Returns:
        batches of float32 images, shape (b, 28, 28, 1), and uint8 labels, shape (b,).
    """
    draw = int(np.random.SeedSequence([seed, epoch]).generate_state(1)[0])

    def prepare(number, batch):
        images, labels = batch
        images = images[..., tf.newaxis]
        if augmentation == "flip_shift":
            images = augment(images, seed=(draw, number))
        scaled = tf.cast(images, tf.float32) / np.float32(255)
        return (scaled - np.float32(standardiser.mean)) / np.float32(standardiser.deviation), labels

    samples = tf.data.Dataset.from_tensor_slices((split.images, split.labels))
    shuffled = samples.shuffle(len(split), seed=draw, reshuffle_each_iteration=False)
    batches = shuffled.batch(batch_size).enumerate().map(prepare).prefetch(2)
    # There is nothing to tune, and after each epoch the tuner would be waited for: for seconds.
    options = tf.data.Options()
    options.autotune.enabled = False
    return batches.with_options(options)


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
