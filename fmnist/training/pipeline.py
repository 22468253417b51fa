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
from fmnist.training.augmentation import augment, mirrored


def pipeline(
    split: splits.Split,
    standardiser: Standardiser,
    *,
    batch_size: int,
    seed: int,
    epoch: int,
    mirror: str = "never",
    shift: int = 0,
    erasing: float = 0.0,
    size: int = splits.IMAGE_SHAPE[0],
    looked_at: np.ndarray | None = None,
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
        mirror: "never", "random" or "alternating", see `augmentation.mirrored`.
        shift: see `augmentation.augment`.
        erasing: see `augmentation.augment`.
        size: rows and columns that the images are shrunk to, in pixels.
        looked_at: positions of the images that this epoch looks at; by default all.

    Returns:
        batches of float32 images, shape (b, size, size, 1), uint8 labels, shape (b,), and int64
        positions of these images in the split, shape (b,).
    """
    draw = int(np.random.SeedSequence([seed, epoch]).generate_state(1)[0])
    turned = mirrored(len(split), how=mirror, seed=seed, epoch=epoch)
    chosen = np.arange(len(split)) if looked_at is None else looked_at

    def prepare(number, batch):
        images, labels, turned, positions = batch
        images = augment(
            images[..., tf.newaxis], turned, seed=(draw, number), shift=shift, erasing=erasing
        )
        if size < images.shape[1]:
            images = tf.image.resize(images, (size, size), "area")
        unit = tf.cast(images, tf.float32) / np.float32(255)
        return standardiser.apply_to_unit(unit), labels, positions

    samples = tf.data.Dataset.from_tensor_slices(
        (split.images[chosen], split.labels[chosen], turned[chosen], chosen)
    )
    shuffled = samples.shuffle(len(chosen), seed=draw, reshuffle_each_iteration=False)
    batches = shuffled.batch(batch_size).enumerate().map(prepare).prefetch(2)
    # There is nothing to tune, and after each epoch the tuner would be waited for: for seconds.
    options = tf.data.Options()
    options.autotune.enabled = False
    return batches.with_options(options)
