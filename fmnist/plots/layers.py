"""Pictures of what layers hold and compute: still, with matplotlib."""

from collections.abc import Mapping

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from fmnist.plots.style import COLOURS, outline, panels, show, show_signed


def filtered(image: np.ndarray, maps: Mapping[str, np.ndarray]) -> Figure:
    """Return an image beside signed maps that were computed from it.

    Args:
        image: uint8, shape (28, 28).
        maps: title of each map, float, shape (rows, columns); their colours share one scale.
    """
    figure, [axes] = panels(1, 1 + len(maps), width=1.9 * (1 + len(maps)), height=2.2)
    show(axes[0], image)
    axes[0].set_title("image", size=9)
    limit = max(abs(values).max() for values in maps.values())
    for axis, (title, values) in zip(axes[1:], maps.items(), strict=True):
        drawn = show_signed(axis, values, limit)
        axis.set_title(title, size=9)
    figure.colorbar(drawn, ax=list(axes), shrink=0.8, label="weighted sum")
    return figure


def kernels(weights: np.ndarray, *, columns: int = 8) -> Figure:
    """Return the kernels of a layer that looks at one channel, all on one scale.

    Args:
        weights: float, shape (rows, columns, 1, kernels).
        columns: of the grid.
    """
    count = weights.shape[-1]
    rows = -(-count // columns)
    figure, axes = panels(rows, columns, width=0.75 * columns, height=0.75 * rows)
    limit = abs(weights).max()
    for number, axis in enumerate(axes.flat):
        if number < count:
            drawn = show_signed(axis, weights[:, :, 0, number], limit)
        else:
            axis.set_axis_off()
    figure.colorbar(drawn, ax=list(axes.flat), shrink=0.8, label="weight")
    return figure


def feature_maps(image: np.ndarray, stages: Mapping[str, np.ndarray], *, count: int = 8) -> Figure:
    """Return an image, and below it the strongest maps of each stage of a network.

    Args:
        image: uint8, shape (28, 28).
        stages: name of each stage, and its maps of this image: float, shape (rows, columns,
            channels), at least 0. Each stage has a scale of its own.
        count: maps drawn of each stage, those with the largest sum.
    """
    rows = 1 + len(stages)
    figure, axes = panels(rows, count, width=0.85 * count, height=0.95 * rows)
    for axis in axes.flat:
        axis.set_axis_off()
    show(axes[0, 0], image)
    _name_row(axes[0, 0], f"image\n{image.shape[0]} x {image.shape[1]}")
    for row, (name, maps) in zip(axes[1:], stages.items(), strict=True):
        strongest = np.argsort(-maps.sum(axis=(0, 1)), kind="stable")[:count]
        for axis, channel in zip(row, strongest, strict=False):
            axis.imshow(maps[:, :, channel], cmap="gray_r", vmin=0, vmax=maps.max())
        _name_row(row[0], f"{name}\n{maps.shape[0]} x {maps.shape[1]}")
    return figure


def receptive_fields(
    image: np.ndarray,
    fields: Mapping[str, tuple[int, int, int]],
    measured: Mapping[str, np.ndarray],
) -> Figure:
    """Return an image with squares around what one place of each layer sees, and measured shares.

    Args:
        image: uint8, shape (28, 28).
        fields: name of each layer, and top row, left column and side of its square, in pixels.
        measured: title of each further picture, and how much each pixel counts: float, shape
            (28, 28), at least 0.
    """
    figure, [axes] = panels(1, 1 + len(measured), width=2.6 * (1 + len(measured)), height=3.1)
    show(axes[0], image)
    for (name, square), colour in zip(fields.items(), COLOURS, strict=False):
        outline(axes[0], square, colour, name)
    figure.legend(loc="outside lower center", ncols=len(fields), frameon=False, fontsize=8)
    for axis, (title, shares) in zip(axes[1:], measured.items(), strict=True):
        axis.imshow(shares, cmap="cividis", vmin=0)
        axis.set_title(title, size=9)
        if title in fields:
            outline(axis, fields[title], COLOURS[list(fields).index(title)])
        axis.set(xticks=(), yticks=())
    return figure


def _name_row(axis: Axes, name: str) -> None:
    axis.text(-0.15, 0.5, name, transform=axis.transAxes, ha="right", va="center", size=8)
