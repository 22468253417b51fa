"""Single images, with words or maps beside them: still, with matplotlib."""

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.figure import Figure

from fmnist.plots.style import in_rows, panels, show_signed


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
    return in_rows(images, captions, columns=columns, cell=(1.4, 1.75), size=8)


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
    rows, columns = 1 + len(maps), len(images)
    figure, axes = panels(rows, columns, width=1.25 * columns + 0.8, height=1.3 * rows + 0.4)
    for axis, image, caption in zip(axes[0], images, captions, strict=True):
        axis.imshow(image, cmap="gray_r", vmin=0, vmax=255)
        axis.set(xticks=(), yticks=())
        axis.set_title(caption, fontsize=8)
    axes[0, 0].set_ylabel("image", fontsize=8)
    for row, (name, values) in zip(axes[1:], maps.items(), strict=True):
        row[0].set_ylabel(name, fontsize=8)
        for axis, pixels in zip(row, values, strict=True):
            show_signed(axis, pixels, float(np.abs(pixels).max()) or 1.0)
    return figure
