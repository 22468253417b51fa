"""Pictures of images: still, with matplotlib."""

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.figure import Figure

from fmnist import data


def gallery(split: data.Split, *, columns: int = 8) -> Figure:
    """Return a figure with the first images of each class, one class per row."""
    names = data.CLASS_NAMES
    figure, axes = plt.subplots(
        len(names), columns, figsize=(columns * 0.75, len(names) * 0.75), layout="constrained"
    )
    for label, row in enumerate(axes):
        positions = np.flatnonzero(split.labels == label)[:columns]
        for axis, position in zip(row, positions, strict=True):
            axis.imshow(split.images[position], cmap="gray_r", vmin=0, vmax=255)
            axis.set_axis_off()
        row[0].text(
            -0.15, 0.5, names[label], transform=row[0].transAxes, ha="right", va="center", size=9
        )
    return figure
