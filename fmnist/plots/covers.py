"""Pictures for the book's front page: still, with matplotlib, on any background."""

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.figure import Figure

from fmnist.data import splits
from fmnist.plots.style import BLUE, GREEN, ORANGE, SKY, in_rows

# Of middling lightness, so that garments stand out on a white page and on a dark one.
INK = LinearSegmentedColormap.from_list("ink", [BLUE, SKY, GREEN, "#E69F00", ORANGE])
GAP = 3  # pixels between garments


def strip(split: splits.Split, *, rows: int = 4, columns: int = 2) -> Figure:
    """Return a wide figure full of garments, class beside class, each class in its own colour.

    The background is transparent: where a photograph is dark, the page shows through.

    Args:
        split: whose first images of each class are shown, at least `rows` times `columns`.
        rows: of garments.
        columns: of garments for each class.
    """
    classes = len(splits.CLASS_NAMES)
    side = splits.IMAGE_SHAPE[0] + GAP
    picture = np.zeros((rows * side - GAP, classes * columns * side - GAP, 4))
    for label in range(classes):
        positions = np.flatnonzero(split.labels == label)[: rows * columns]
        for place, position in enumerate(positions):
            row, column = divmod(place, columns)
            top, left = row * side, (label * columns + column) * side
            tile = picture[top : top + side - GAP, left : left + side - GAP]
            tile[..., :3] = INK(label / (classes - 1))[:3]
            tile[..., 3] = split.images[position] / 255
    height, width = picture.shape[:2]
    figure = plt.figure(figsize=(12, 12 * height / width), dpi=120, facecolor="none")
    axis = figure.add_axes((0, 0, 1, 1), frameon=False)
    axis.imshow(picture, interpolation="lanczos")
    axis.set_axis_off()
    return figure


def line_up(split: splits.Split, *, columns: int = 4) -> Figure:
    """Return a figure of numbered garments without their labels, for the reader to guess.

    Args:
        split: the images to show, in this order; numbers begin at 1.
        columns: garments in a row.
    """
    numbers = [str(number) for number in range(1, len(split) + 1)]
    return in_rows(split.images, numbers, columns=columns, cell=(1.5, 1.7), size=11)
