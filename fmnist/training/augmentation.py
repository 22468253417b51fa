"""Augmentation: training images changed in ways that keep their labels, anew in every epoch.

Which images an epoch shows mirrored is decided here for all of them at once, since a mirror that
alternates looks back at the epoch before; the rest is drawn batch by batch.
"""

import numpy as np
import tensorflow as tf

SMALLEST_PATCH, LARGEST_PATCH = 0.02, 0.2  # share of the area that erasing covers
LONGEST_SIDE = 2.0  # of such a rectangle, times the other one


def mirrored(count: int, *, how: str, seed: int, epoch: int) -> np.ndarray:
    """Return which of the training images an epoch shows in the mirror.

    Args:
        count: how many images there are.
        how: "never"; "random", half of them, drawn anew; or "alternating", each in every other
            epoch, where a draw decides in which it begins. So two epochs in a row show both sides
            of each, which a draw anew does for half of them (Jordan 2024, arXiv:2404.00498).
        seed: of the run.
        epoch: from 0.

    Returns:
        bool, shape (count,).
    """
    if how == "never":
        return np.zeros(count, bool)
    turn = 0 if how == "alternating" else epoch
    drawn = np.random.default_rng([seed, turn]).random(count) < 0.5
    return drawn ^ (epoch % 2 == 1) if how == "alternating" else drawn


def augment(
    images: tf.Tensor,
    mirror: tf.Tensor,
    *,
    seed: tuple[int | tf.Tensor, int | tf.Tensor],
    shift: int = 0,
    erasing: float = 0.0,
) -> tf.Tensor:
    """Return the images, mirrored, shifted and with a patch erased, as asked.

    A mirrored shirt is still a shirt, so is one that hangs two pixels lower, and so is one that is
    partly hidden. What is shifted in from outside is background.

    Args:
        images: uint8, shape (n, 28, 28, 1), background 0.
        mirror: bool, shape (n,), which of them are mirrored, see `mirrored`.
        seed: two integers; the same seed draws the same changes.
        shift: pixels; each image moves by a whole number of them up to this one, both down and
            across, either way.
        erasing: probability with which a rectangle of an image is filled with noise, see `erased`.

    Returns:
        dtype and shape of `images`.
    """
    draw = tf.stack([tf.cast(part, tf.int64) for part in seed])
    images = tf.where(mirror[:, tf.newaxis, tf.newaxis, tf.newaxis], images[:, :, ::-1], images)
    if shift:
        images = shifted(images, draw, shift)
    return erased(images, draw, erasing) if erasing else images


def shifted(images: tf.Tensor, draw: tf.Tensor, most: int) -> tf.Tensor:
    """Return the images, each moved by up to so many pixels, background behind them."""
    across, down = tf.unstack(
        tf.random.stateless_uniform([tf.shape(images)[0], 2], draw + 1, -most, most + 1, tf.int32),
        axis=1,
    )
    # Along both axes: where each pixel of the result comes from.
    size = images.shape[1]
    for axis, by in ((1, down), (2, across)):
        places = tf.range(size)[tf.newaxis] - by[:, tf.newaxis]
        inside = (places >= 0) & (places < size)
        images = tf.gather(images, tf.clip_by_value(places, 0, size - 1), axis=axis, batch_dims=1)
        shape = (-1, size, 1, 1) if axis == 1 else (-1, 1, size, 1)
        images *= tf.reshape(tf.cast(inside, images.dtype), shape)
    return images


def erased(images: tf.Tensor, draw: tf.Tensor, probability: float) -> tf.Tensor:
    """Return the images, some of them with a rectangle of noise.

    It covers 2 to 20 % of the area, and no side is more than twice the other.

    Source: Zhong, Zheng, Kang, Li and Yang (2020), arXiv:1708.04896, with other numbers.
    """
    count, size = tf.shape(images)[0], images.shape[1]
    chance, area, sides, top, left = tf.unstack(
        tf.random.stateless_uniform([5, count], draw + 2), axis=0
    )
    area = SMALLEST_PATCH + (LARGEST_PATCH - SMALLEST_PATCH) * area
    sides = LONGEST_SIDE ** (2 * sides - 1)
    covered = []
    for extent, begin in ((tf.sqrt(area * sides), top), (tf.sqrt(area / sides), left)):
        length = tf.round(size * extent)
        first = tf.floor(begin * (size - length + 1))[:, tf.newaxis]
        places = tf.range(size, dtype=tf.float32)[tf.newaxis]
        covered.append((places >= first) & (places < first + length[:, tf.newaxis]))
    rows, columns = covered
    patch = rows[:, :, tf.newaxis] & columns[:, tf.newaxis]
    patch &= (chance < probability)[:, tf.newaxis, tf.newaxis]
    noise = tf.random.stateless_uniform(tf.shape(images), draw + 3, 0, 256, tf.int32)
    return tf.where(patch[..., tf.newaxis], tf.cast(noise, images.dtype), images)
