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
from fmnist.training.augmentation import augment


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
        return standardiser.apply_to_unit(tf.cast(images, tf.float32) / np.float32(255)), labels

    samples = tf.data.Dataset.from_tensor_slices((split.images, split.labels))
    shuffled = samples.shuffle(len(split), seed=draw, reshuffle_each_iteration=False)
    batches = shuffled.batch(batch_size).enumerate().map(prepare).prefetch(2)
    # There is nothing to tune, and after each epoch the tuner would be waited for: for seconds.
    options = tf.data.Options()
    options.autotune.enabled = False
    return batches.with_options(options)
