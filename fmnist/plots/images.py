"""Pictures of images: still, with matplotlib, and a gallery to walk through, with Plotly.

Clothes are dark on white here, as in the shop's photographs: grey value 0 is drawn white, 255
black.
"""

from collections.abc import Mapping, Sequence

import matplotlib.pyplot as plt
import numpy as np
import plotly.graph_objects as go
from matplotlib.figure import Figure

from fmnist.analysis import exploring
from fmnist.data import splits
from fmnist.plots import sheets
from fmnist.plots.style import BLUE, ORANGE, in_rows, layout, outline, panels, show

# The rows of the gallery, from the images most like their class's mean to the least.
BANDS = ("most like the mean", "a quarter on", "half way", "three quarters on", "least like it")
GAP = 3  # columns of background between the two images of a pair


def pixels(image: np.ndarray, *, top: int, left: int, side: int = 10) -> Figure:
    """Return a figure with one image, and the grey values of a square part of it.

    Args:
        image: uint8, shape (28, 28).
        top: first row of the part.
        left: first column of the part.
        side: of the part, in pixels.
    """
    part = image[top : top + side, left : left + side]
    figure, (whole, close) = plt.subplots(1, 2, figsize=(8, 4), layout="constrained")
    show(whole, image)
    outline(whole, (top, left, side), ORANGE)
    whole.set_axis_on()
    whole.set(xlabel="column", ylabel="row")
    show(close, part)
    for (row, column), value in np.ndenumerate(part):
        colour = "white" if value > 127 else "black"
        close.text(column, row, str(value), ha="center", va="center", size=7, color=colour)
    return figure


def class_gallery(split: splits.Split, oddity: np.ndarray, *, columns: int = 8) -> go.Figure:
    """Return the images of one class, which the reader chooses, from the usual to the odd.

    Args:
        split: images and labels.
        oddity: float, shape (n,): how unusual each image is in its class.
        columns: images a row.

    Raises:
        ValueError: a class has fewer images than the gallery has places.
    """
    cells = [(column, row) for row in range(len(BANDS)) for column in range(columns)]
    gallery = []
    for label, name in enumerate(splits.CLASS_NAMES):
        positions = np.flatnonzero(split.labels == label)
        if len(positions) < len(cells):
            raise ValueError(
                f"class_gallery expects at least {len(cells)} images of each class, "
                f"received {len(positions)} of {name}"
            )
        order = positions[oddity[positions].argsort(kind="stable")]
        starts = np.linspace(0, len(order) - columns, len(BANDS)).astype(int)
        shown = np.concatenate([order[start : start + columns] for start in starts])
        told = (
            f"{split.name}.images[%{{customdata[0]}}]<br>{name}<br>"
            "distance from the mean: %{customdata[1]}"
        )
        facts = [[int(position), round(float(oddity[position]), 1)] for position in shown]
        gallery.append(sheets.Sheet(name, split.images[shown], cells, facts, told))
    rows = [band.replace(" ", "<br>", 1) for band in BANDS]
    figure = sheets.one_of(gallery, shown=0, columns=columns, rows=rows, marker={"size": 40})
    alt = (
        f"Gallery of {split.name} images: choose one of {len(gallery)} classes; "
        f"{len(BANDS)} rows of {columns} images each go from those most like the mean image "
        f"of the class to those least like it. Shown first: {gallery[0].label}."
    )
    return figure.update_layout(layout(alt=alt, height=460, left=90, right=10, top=50, bottom=10))


def pairs(
    first: np.ndarray, second: np.ndarray, captions: Sequence[str], *, columns: int = 4
) -> Figure:
    """Return a figure with pairs of images side by side, each with a few words above it.

    Args:
        first: uint8, shape (n, 28, 28); n may be 0.
        second: uint8, shape (n, 28, 28).
        captions: one for each pair.
        columns: pairs a row.
    """
    gap = np.zeros((len(first), first.shape[1], GAP), dtype=np.uint8)
    joined = np.concatenate([first, gap, second], axis=2)
    return in_rows(joined, captions, columns=columns, cell=(2.3, 1.4), size=10, pad=2)


def class_means(means: np.ndarray, deviations: np.ndarray) -> Figure:
    """Return a figure with the mean image of each class, and where its images differ.

    Args:
        means: float, shape (10, 28, 28), in [0, 1].
        deviations: float, shape (10, 28, 28), the standard deviation of each pixel, at least 0.
    """
    figure, axes = plt.subplots(2, len(means), figsize=(8.4, 2.1), layout="constrained")
    for axis, mean, name in zip(axes[0], means, splits.CLASS_NAMES, strict=True):
        axis.imshow(mean, cmap="gray_r", vmin=0, vmax=1)
        axis.set_title(name, size=8)
    for axis, deviation in zip(axes[1], deviations, strict=True):
        axis.imshow(deviation, cmap="cividis", vmin=0, vmax=deviations.max())
    for axis in axes.flat:
        axis.set(xticks=[], yticks=[])
    axes[0, 0].set_ylabel("mean", size=9)
    axes[1, 0].set_ylabel("spread", size=9)
    return figure


def pixel_profile(images: np.ndarray, statistics: exploring.PixelStatistics) -> Figure:
    """Return a figure with the share of each grey value, and the classes by area and darkness.

    Args:
        images: uint8, shape (n, 28, 28).
        statistics: of the same images.
    """
    shares = 100 * np.bincount(images.ravel(), minlength=256) / images.size
    figure, (greys, classes) = plt.subplots(1, 2, figsize=(8.4, 3.6), layout="constrained")
    greys.bar(np.arange(256), shares, width=1, color=BLUE)
    greys.set(xlabel="grey value", ylabel="share of all pixels (%)", yscale="log")
    greys.annotate(
        "background", (0, shares[0]), (25, shares[0]), size=9, va="center",
        arrowprops={"arrowstyle": "->"},
    )  # fmt: skip
    area, mean = statistics.class_garments, 255 * statistics.class_means
    classes.scatter(area, mean, color=BLUE, s=25)
    for name, x, y in zip(splits.CLASS_NAMES, area, mean, strict=True):
        beside = (4, -11) if name == "T-shirt/top" else (4, 4)  # Shirt is close above it
        classes.annotate(name, (x, y), beside, textcoords="offset points", size=8)
    classes.margins(x=0.2, y=0.1)
    classes.set(xlabel="median number of pixels above 0", ylabel="mean grey value")
    return figure


def batch_strips(schemes: Mapping[str, Sequence[np.ndarray]], *, shown: int = 12) -> Figure:
    """Return a figure with the classes in the first batches of two epochs, a batch a line.

    Args:
        schemes: name of each way to make batches, and for each of its two epochs the labels in
            the batches, int, shape (batches, size).
        shown: batches drawn of each epoch.
    """
    figure, axes = panels(len(schemes), 2, width=8, height=1.7 * len(schemes))
    for line, (name, epochs) in zip(axes, schemes.items(), strict=True):
        for number, (axis, labels) in enumerate(zip(line, epochs, strict=True), start=1):
            axis.imshow(
                labels[:shown],
                cmap="cividis",
                vmin=0,
                vmax=9,
                aspect="auto",
                interpolation="nearest",
            )
            axis.set(xticks=[], yticks=[], title=f"{name}: epoch {number}")
            axis.title.set_size(9)
        line[0].set_ylabel("batches", size=8)
    for axis in axes[-1]:
        axis.set_xlabel("images of a batch, one colour a class", size=8)
    return figure
