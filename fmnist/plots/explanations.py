"""Single images, with words or maps beside them: still, with matplotlib."""

from collections.abc import Mapping, Sequence

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.figure import Figure


def captioned(images: Sequence[np.ndarray], captions: Sequence[str], *, columns: int = 6) -> Figure:
    """Return images in rows, each with a few words above it.

    Args:
        images: each uint8, shape (28, 28), in [0, 255].
        captions: one for each image.
        columns: images in a row.

    Raises:
        ValueError: there is no image, or not one caption for each.
    """
    if len(images) != len(captions) or not len(images):
        raise ValueError(
            "captioned expects a caption for each image, received "
            f"{len(images)} images and {len(captions)} captions"
        )
    rows = -(-len(images) // columns)
    figure, axes = plt.subplots(
        rows, columns, figsize=(1.4 * columns, 1.75 * rows), layout="constrained", squeeze=False
    )
    for axis in axes.flat:
        axis.set_axis_off()
    for axis, image, caption in zip(axes.flat, images, captions, strict=False):
        axis.imshow(image, cmap="gray_r", vmin=0, vmax=255)
        axis.set_title(caption, fontsize=8)
    return figure


def explained(
    images: np.ndarray,
    maps: Mapping[str, np.ndarray],
    captions: Sequence[str],
) -> Figure:
    """Return images in a row and below them rows of maps over their pixels.

    Each map has its own symmetric scale: orange below 0, purple above, white at 0.

    Args:
        images: uint8, shape (n, 28, 28).
        maps: by name; each float, shape (n, 28, 28).
        captions: one for each image.

    Raises:
        ValueError: shapes do not fit.
    """
    if any(values.shape != images.shape for values in maps.values()) or len(captions) != len(
        images
    ):
        raise ValueError(
            f"explained expects maps of shape {images.shape} and as many captions, received "
            f"{[values.shape for values in maps.values()]} and {len(captions)}"
        )
    figure, axes = plt.subplots(
        1 + len(maps),
        len(images),
        figsize=(1.25 * len(images) + 0.8, 1.3 * (1 + len(maps)) + 0.4),
        layout="constrained",
        squeeze=False,
    )
    for axis in axes.flat:
        axis.set_xticks([])
        axis.set_yticks([])
    for axis, image, caption in zip(axes[0], images, captions, strict=True):
        axis.imshow(image, cmap="gray_r", vmin=0, vmax=255)
        axis.set_title(caption, fontsize=8)
    axes[0, 0].set_ylabel("image", fontsize=8)
    for row, (name, values) in zip(axes[1:], maps.items(), strict=True):
        row[0].set_ylabel(name, fontsize=8)
        for axis, one in zip(row, values, strict=True):
            largest = float(np.abs(one).max()) or 1.0
            axis.imshow(one, cmap="PuOr", vmin=-largest, vmax=largest)
    return figure
