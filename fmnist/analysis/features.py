"""Feature maps: the pixels that they depend on, and the work of computing them."""

from collections.abc import Sequence

import keras
import numpy as np
import tensorflow as tf


def influence(
    model: keras.Model, images: np.ndarray, layer: keras.Layer, *, row: int, column: int
) -> np.ndarray:
    """Return how much each pixel changes what a layer gives at one place of its maps.

    It is the mean over images of the gradient's size: of the sum over all maps at that place,
    with respect to the pixel. Exactly 0 means that no path leads from the pixel to the place, or
    none that is open for these images, so with many images the rest is the receptive field.

    Args:
        model: a network that is called with images alone.
        images: float32, shape (n, 28, 28, 1), scaled as for training.
        layer: of this network, that gives feature maps.
        row: of the place in the maps, from 0.
        column: of the place in the maps, from 0.

    Returns:
        float32, shape (28, 28), at least 0, in units of the layer for a unit of the pixel.

    Raises:
        ValueError: the layer gives no maps, or they have no such place.

    Source: Luo, Li, Urtasun and Zemel (2016), section 2, who call it the effective receptive
    field.
    """
    shape = tuple(layer.output.shape[1:])
    if len(shape) != 3:
        raise ValueError(f"{layer.name} gives no feature maps, its output has the shape {shape}")
    if not (0 <= row < shape[0] and 0 <= column < shape[1]):
        raise ValueError(
            f"{layer.name} gives maps of {shape[0]} by {shape[1]}, which have no place "
            f"({row}, {column})"
        )
    part = keras.Model(model.inputs, layer.output)
    pixels = tf.constant(images)
    with tf.GradientTape() as tape:
        tape.watch(pixels)
        total = tf.reduce_sum(part(pixels, training=False)[:, row, column])
    return np.abs(tape.gradient(total, pixels).numpy()).mean(axis=(0, 3))


def first_pixel(place: int, steps: Sequence[tuple[int, int]]) -> int:
    """Return where the receptive field of a place begins, walking back to the image.

    Args:
        place: row or column in the last map, from 0.
        steps: stride and padding, in pixels, of each layer up to that map, the first layer first.

    Returns:
        Row or column of the image, below 0 where the field begins in the padding.

    Example:
        >>> first_pixel(7, [(2, 1), (1, 1)])  # a stride of 2, then one of 1, both padded by 1
        11
    """
    for stride, padding in reversed(steps):
        place = place * stride - padding
    return place
