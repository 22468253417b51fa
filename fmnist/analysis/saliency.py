"""Where a network looks: two maps over the pixels of an image, for its true class.

Both say what this network uses, not what a garment is recognised by, and both are about small
changes: a pixel may be needed though the map is 0 there.
"""

import itertools
from collections.abc import Callable

import keras
import numpy as np
import tensorflow as tf

from fmnist.data import splits
from fmnist.evaluation import metrics
from fmnist.training import fit, runs

BATCH = 512  # images that go through the network at once
Patch = tuple[slice, slice]  # rows and columns


def maps(run: runs.Run, split: splits.Split) -> dict[str, np.ndarray]:
    """Return both maps of a trained network, for the classes that it predicts.

    Args:
        run: of the network.
        split: images; their labels do not matter.

    Returns:
        "gradient" and "occlusion", each float32, shape (n, 28, 28); see these functions.
    """
    model = fit.model_of(run)
    images = run.standardiser.apply(split.images)
    black = np.zeros((1, *splits.IMAGE_SHAPE), dtype=np.uint8)
    background = float(run.standardiser.apply(black).max())
    said = metrics.predictions(run, split)
    return {
        "gradient": gradient(model, images, said),
        "occlusion": occlusion(model, images, said, background=background),
    }


def gradient(model: keras.Model, images: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """Return how fast the true class's logit rises with each pixel.

    Args:
        model: takes float32 of shape (n, 28, 28, 1) and returns logits of shape (n, classes).
        images: float32, shape (n, 28, 28, 1), on the scale that the network was trained on.
        labels: int, shape (n,), the true classes.

    Returns:
        float32, shape (n, 28, 28): logits per unit of that scale; above 0 where brighter pixels
        speak for the class.

    Raises:
        ValueError: the shapes do not fit.

    Source: Simonyan, Vedaldi and Zisserman (2014), arXiv:1312.6034, section 3.
    """
    _check(images, labels)
    maps = np.empty(images.shape[:3], dtype=np.float32)
    for part in _parts(len(images)):
        pixels = tf.convert_to_tensor(images[part])
        with tf.GradientTape() as tape:
            tape.watch(pixels)
            logits = model(pixels, training=False)
            # Each image has its own row, so the sum's gradient is every image's own.
            true = tf.reduce_sum(tf.gather(logits, labels[part], batch_dims=1))
        maps[part] = tape.gradient(true, pixels).numpy()[..., 0]
    return maps


def occlusion(
    model: keras.Model,
    images: np.ndarray,
    labels: np.ndarray,
    *,
    background: float,
    size: int = 4,
    stride: int = 2,
) -> np.ndarray:
    """Return how much of the true class's probability is lost where a patch is covered.

    Args:
        model: as in `gradient`; softmax is applied to what it returns.
        images: float32, shape (n, 28, 28, 1), on the scale that the network was trained on.
        labels: int, shape (n,), the true classes.
        background: what covers the patch: a pixel of 0 on that scale.
        size: side of the square patch, in pixels.
        stride: step between patches, in pixels; patches must reach both edges and leave no gap.

    Returns:
        float32, shape (n, 28, 28), in [-1, 1]: the drop, averaged over the patches that cover the
        pixel; below 0 where covering it makes the network surer.

    Raises:
        ValueError: the shapes do not fit, or the patches do not cover every pixel.

    Source: Zeiler and Fergus (2014), European Conference on Computer Vision, 818-833, section 4.2.
    """
    _check(images, labels)
    patches = _patches(images.shape[1], size, stride)
    whole = _true_probability(model, images, labels)

    def drop(patch: Patch) -> np.ndarray:
        """Return what each image loses where this patch is covered."""
        changed = images.copy()
        changed[:, *patch] = background
        return whole - _true_probability(model, changed, labels)

    return _over_patches(drop, patches, images.shape[:3])


def averaged(maps: np.ndarray, *, size: int = 4, stride: int = 2) -> np.ndarray:
    """Return maps as coarse as `occlusion` makes them: averaged over the same patches.

    Each patch gets the mean of its pixels, and each pixel the mean over the patches that cover it.
    So a map with a value of its own for each pixel can be compared with one that has none.

    Args:
        maps: float32, shape (n, 28, 28).
        size: as in `occlusion`, like the rest.
        stride: as in `occlusion`.

    Returns:
        float32, shape (n, 28, 28), in the unit of the maps.

    Raises:
        ValueError: the patches do not cover every pixel.
    """
    patches = _patches(maps.shape[1], size, stride)
    return _over_patches(lambda patch: maps[:, *patch].mean(axis=(1, 2)), patches, maps.shape)


def _patches(side: int, size: int, stride: int) -> list[Patch]:
    """Return the patches of a square of so many pixels, all of which they must cover."""
    if not 1 <= stride <= size <= side or (side - size) % stride:
        raise ValueError(
            f"patches of {size} pixels, {stride} apart, do not cover {side} pixels: expected "
            f"1 <= stride <= size <= {side}, and {side} - size a multiple of stride"
        )
    starts = range(0, side - size + 1, stride)
    return [
        (slice(row, row + size), slice(column, column + size))
        for row, column in itertools.product(starts, starts)
    ]


def _over_patches(
    measured: Callable[[Patch], np.ndarray], patches: list[Patch], shape: tuple[int, ...]
) -> np.ndarray:
    """Return for each pixel the mean of what was measured on the patches that cover it.

    Args:
        measured: takes a patch, gives one number for each image.
        patches: cover every pixel.
        shape: images, rows, columns.
    """
    sums = np.zeros(shape, dtype=np.float32)
    covering = np.zeros(shape[1:], dtype=np.float32)
    for patch in patches:
        sums[:, *patch] += measured(patch)[:, np.newaxis, np.newaxis]
        covering[patch] += 1
    return sums / covering


def _true_probability(model: keras.Model, images: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """Return the probability of each image's true class, float32, shape (n,)."""
    true = np.empty(len(images), dtype=np.float32)
    for part in _parts(len(images)):
        logits = tf.cast(model(images[part], training=False), tf.float32)
        true[part] = tf.gather(tf.nn.softmax(logits), labels[part], batch_dims=1).numpy()
    return true


def _parts(images: int) -> list[slice]:
    """Return slices of at most `BATCH` positions that together are all."""
    return [slice(start, start + BATCH) for start in range(0, images, BATCH)]


def _check(images: np.ndarray, labels: np.ndarray) -> None:
    """Refuse what is no batch of images with labels."""
    if images.dtype != np.float32 or images.shape[1:] != (28, 28, 1):
        raise ValueError(
            "expected float32 images of shape (n, 28, 28, 1), received "
            f"{images.dtype} of shape {images.shape}"
        )
    if labels.shape != images.shape[:1]:
        raise ValueError(f"expected {len(images)} labels, received labels of shape {labels.shape}")
