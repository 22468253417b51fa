"""Maps of images: each image a point, near those that resemble it."""

from collections.abc import Mapping

import matplotlib.pyplot as plt
import numpy as np
import plotly.graph_objects as go
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure

from fmnist.analysis import neighbours
from fmnist.data import splits
from fmnist.plots.style import BARE, BLUE, BUTTONS, GREEN, ORANGE, PINK, SKY, layout, menu

# What is worn above the waist is most alike: there the colours differ, and the other classes have
# the same ones with another symbol.
CLASS_COLOURS = (BLUE, BLUE, ORANGE, GREEN, PINK, ORANGE, SKY, GREEN, PINK, SKY)
UPPER = {0, 2, 3, 4, 6}
CANVAS = 1000  # pixels, the side of the map of garments


def embedding(maps: Mapping[str, np.ndarray], split: splits.Split) -> go.Figure:
    """Return images as points in the plane; the reader chooses the map, and hides classes.

    Args:
        maps: name of each map, and its points: float, shape (n, 2). The first is shown first.
        split: the images' labels, in the same order.

    Raises:
        ValueError: a map has another number of points than there are images.
    """
    for name, points in maps.items():
        if points.shape != (len(split), 2):
            raise ValueError(
                f"embedding expects {len(split)} points in the plane, "
                f"received {points.shape} for {name}"
            )
    members = [np.flatnonzero(split.labels == label) for label in range(len(splits.CLASS_NAMES))]
    columns = {
        name: {
            axis: [np.round(points[some, side], 1).tolist() for some in members]
            for side, axis in enumerate("xy")
        }
        for name, points in maps.items()
    }
    first = next(iter(columns.values()))
    figure = go.Figure()
    for label, (name, some) in enumerate(zip(splits.CLASS_NAMES, members, strict=True)):
        figure.add_scatter(
            x=first["x"][label],
            y=first["y"][label],
            name=name,
            mode="markers",
            marker={
                "color": CLASS_COLOURS[label],
                "symbol": "circle" if label in UPPER else "diamond-open",
                "size": 6,
            },
            customdata=some.tolist(),
            hovertemplate=f"{name}<br>sample.images[%{{customdata}}]<extra></extra>",
        )
    agreements = " ".join(
        f"{name}: {_agreement(points, split.labels)}." for name, points in maps.items()
    )
    alt = (
        f"Maps of {len(split):,} images, each a point with the colour and symbol of its class. "
        f"{agreements}"
    )
    bare = {**BARE, "showticklabels": False}
    return figure.update_layout(
        xaxis=bare,
        yaxis={**bare, "scaleanchor": "x"},
        updatemenus=menu(BUTTONS, "restyle", {name: [places] for name, places in columns.items()}),
        legend={"orientation": "h", "y": -0.02, "yanchor": "top", "x": 0},
        **layout(alt=alt, height=640, left=10, right=10, top=50, bottom=90),
    )


def _agreement(points: np.ndarray, labels: np.ndarray) -> str:
    """Say how often the nearest point of a map is of the same class, and where least often."""
    nearest = neighbours.nearest_others(points, 1)[:, 0]
    same = labels[nearest] == labels
    shares = [same[labels == label].mean() for label in np.unique(labels)]
    worst = splits.CLASS_NAMES[np.unique(labels)[int(np.argmin(shares))]]
    return (
        f"the nearest point is of the same class for {100 * same.mean():.0f} % of the images, "
        f"least often for {worst}, {100 * min(shares):.0f} %"
    )


def garments(points: np.ndarray, split: splits.Split) -> Figure:
    """Return a map on which the images themselves are drawn, as many as fit without overlap.

    Args:
        points: float, shape (n, 2).
        split: the images and their labels, in the same order; the colours are those of
            `embedding`.
    """
    side = split.images.shape[1]
    low, high = points.min(axis=0), points.max(axis=0)
    places = ((points - low) / (high - low) * (CANVAS - side)).astype(int)
    places[:, 1] = CANVAS - side - places[:, 1]  # rows count downwards
    canvas = np.ones((CANVAS, CANVAS, 3), dtype=np.float32)
    drawn = np.empty((0, 2), dtype=int)
    for place, image, label in zip(places, split.images, split.labels, strict=True):
        if (np.abs(drawn - place).max(axis=1) < side).any():
            continue
        drawn = np.vstack([drawn, place])
        ink = image[..., np.newaxis] / np.float32(255)
        column, row = place
        canvas[row : row + side, column : column + side] = (
            1 - ink + ink * np.array(to_rgb(CLASS_COLOURS[label]), np.float32)
        )
    figure, axis = plt.subplots(figsize=(CANVAS / 100, CANVAS / 100), layout="constrained", dpi=100)
    axis.imshow(canvas, interpolation="antialiased")
    axis.set_axis_off()
    return figure
