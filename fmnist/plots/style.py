"""Colours and habits that all figures share."""

import math
from collections.abc import Mapping, Sequence
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.image import AxesImage
from matplotlib.patches import Rectangle

# Okabe and Ito's colours, told apart by readers with any kind of colour vision; each is readable
# on white and on the dark page.
BLUE, ORANGE, GREEN, PINK, SKY = "#0072B2", "#D55E00", "#009E73", "#CC79A7", "#56B4E9"
COLOURS = (BLUE, ORANGE, GREEN, PINK, SKY)
GREY = "#888888"  # of what is there to compare with
SIGNED = "PuOr"  # a map of colours: orange below and purple above 0, told apart by everybody

# --- live figures, with Plotly ---

BUTTONS = {  # above a live figure, at its left; the page gives them their colours
    "type": "buttons",
    "direction": "right",
    "x": 0,
    "xanchor": "left",
    "y": 1.02,
    "yanchor": "bottom",
    "pad": {"t": 0, "b": 4},
}
DROPDOWN = {**BUTTONS, "type": "dropdown", "direction": "down"}
LEGEND = {"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0}  # above, from the left
BARE = {"showgrid": False, "zeroline": False, "showline": False, "ticks": ""}  # an axis unseen
SEED = {"color": ORANGE, "size": 11, "symbol": "line-ns-open", "line": {"width": 2}}  # its mark


def layout(
    *, alt: str, height: int, left: int = 60, right: int = 20, top: int = 20, bottom: int = 50
) -> dict[str, Any]:
    """Return the part of a layout that every live figure has.

    Args:
        alt: what is read aloud in place of the figure.
        height: of the figure, in pixels.
        left: margin, in pixels, like those that follow.
        right: margin.
        top: margin.
        bottom: margin.
    """
    margin = {"l": left, "r": right, "t": top, "b": bottom}
    return {"height": height, "margin": margin, "meta": {"alt": alt}}


def menu(look: Mapping[str, Any], method: str, choices: Mapping[str, list]) -> list[dict[str, Any]]:
    """Return the menu from which a reader chooses what a live figure shows, as `updatemenus`.

    Args:
        look: `BUTTONS` or `DROPDOWN`.
        method: of Plotly: "restyle" changes traces, "update" the layout as well.
        choices: by label, the arguments of the method.
    """
    buttons = [{"label": label, "method": method, "args": args} for label, args in choices.items()]
    return [{**look, "buttons": buttons}]


def error_bars(above: Sequence[float], below: Sequence[float], **look: Any) -> dict[str, Any]:
    """Return bars of unequal arms: how far each reaches above its point, and below, at least 0."""
    return {"type": "data", "symmetric": False, "array": above, "arrayminus": below, **look}


# --- still figures, with matplotlib ---


def panels(rows: int, columns: int, *, width: float, height: float) -> tuple[Figure, np.ndarray]:
    """Return an empty figure of so many inches, and its axes, shape (rows, columns)."""
    return plt.subplots(rows, columns, figsize=(width, height), layout="constrained", squeeze=False)


def show(axis: Axes, image: np.ndarray) -> None:
    """Draw an image, uint8, dark on light as in the shop's photographs, without ticks or frame."""
    axis.imshow(image, cmap="gray_r", vmin=0, vmax=255)
    axis.set_axis_off()


def show_signed(axis: Axes, values: np.ndarray, limit: float) -> AxesImage:
    """Draw a map whose colours end at -limit and limit, without ticks."""
    axis.set(xticks=(), yticks=())
    return axis.imshow(values, cmap=SIGNED, vmin=-limit, vmax=limit)


def outline(axis: Axes, square: tuple[int, int, int], colour: str, name: str | None = None) -> None:
    """Draw the edge of a square part of an image.

    Args:
        axis: on which the image is drawn.
        square: top row, left column and side, in pixels.
        colour: of the edge.
        name: of the square in the legend.
    """
    top, left, side = square
    # A pixel is drawn from half a unit before its number to half a unit behind it.
    corner = (left - 0.5, top - 0.5)
    axis.add_patch(
        Rectangle(corner, side, side, fill=False, edgecolor=colour, linewidth=2, label=name)
    )


def in_rows(
    images: np.ndarray | Sequence[np.ndarray],
    captions: Sequence[str],
    *,
    columns: int,
    cell: tuple[float, float],
    size: float,
    pad: float | None = None,
) -> Figure:
    """Return a figure of images in rows, each with a few words above it.

    Args:
        images: each uint8 and two-dimensional; there may be none.
        captions: one for each image.
        columns: images in a row.
        cell: width and height that each image has with its words, in inches.
        size: of the words, in points.
        pad: between words and image, in points; matplotlib's own if None.
    """
    rows = max(1, math.ceil(len(images) / columns))
    figure, axes = panels(rows, columns, width=cell[0] * columns, height=cell[1] * rows)
    for axis in axes.flat:
        axis.set_axis_off()
    for axis, image, caption in zip(axes.flat, images, captions, strict=False):
        show(axis, image)
        axis.set_title(caption, size=size, pad=pad)
    return figure
