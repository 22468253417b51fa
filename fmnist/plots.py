"""Figures: drawing only, what is drawn is computed elsewhere.

Matplotlib where a figure is still, Plotly where a reader wants to point at things. A Plotly
figure carries its alternative text in ``layout.meta["alt"]``.
"""

import os

import matplotlib.pyplot as plt
import numpy as np
import plotly.graph_objects as go
from matplotlib.figure import Figure

from fmnist import data

if os.environ.get("FMNIST_BOOK"):
    from fmnist.sphinxext.figures import use_book_renderer

    use_book_renderer()

# Okabe and Ito's colours, told apart by readers with any kind of colour vision.
BLUE, ORANGE = "#0072B2", "#D55E00"


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


def learning_curves(history: tuple[dict[str, float], ...]) -> go.Figure:
    """Return the losses on both splits, epoch by epoch; see `train.fit` for what they mean."""
    epochs = list(range(1, len(history) + 1))
    figure = go.Figure()
    for key, name, colour, dash in (
        ("loss", "training", BLUE, "solid"),
        ("val_loss", "validation", ORANGE, "dash"),
    ):
        figure.add_scatter(
            x=epochs,
            y=[row[key] for row in history],
            name=name,
            mode="lines+markers",
            line={"color": colour, "dash": dash},
            hovertemplate="epoch %{x}: %{y:.3f} nats per image",
        )
    first, last = history[0], history[-1]
    figure.update_layout(
        xaxis={"title": "epoch", "dtick": 1},
        yaxis={"title": "loss (nats per image)", "rangemode": "tozero"},
        legend={"x": 0.98, "xanchor": "right", "y": 0.98},
        height=360,
        margin={"l": 60, "r": 20, "t": 20, "b": 50},
        meta={
            "alt": f"Line chart over {len(history)} epochs. Training loss goes from "
            f"{first['loss']:.2f} to {last['loss']:.2f} nats, validation loss from "
            f"{first['val_loss']:.2f} to {last['val_loss']:.2f}."
        },
    )
    return figure


def confusion_matrix(matrix: np.ndarray) -> go.Figure:
    """Return a heat map of counts; rows are true classes, columns predictions.

    Args:
        matrix: int, shape (10, 10).
    """
    names = list(data.CLASS_NAMES)
    wrong = matrix - np.diag(matrix.diagonal())
    truth, prediction = np.unravel_index(wrong.argmax(), wrong.shape)
    figure = go.Figure(
        go.Heatmap(
            z=matrix.tolist(),
            x=names,
            y=names,
            colorscale="Cividis",
            # The colours end shortly above the largest error: a scale up to the diagonal would
            # leave none for the errors.
            zmin=0,
            zmax=1.5 * max(int(wrong.max()), 1),
            showscale=False,
            hovertemplate="%{y}, taken for %{x}: %{z} images<extra></extra>",
            texttemplate="%{z}",
        )
    )
    figure.update_layout(
        xaxis={"title": "prediction", "tickangle": -45},
        yaxis={
            "title": {"text": "true class", "standoff": 15},
            "autorange": "reversed",
            "automargin": True,
        },
        height=560,
        margin={"l": 100, "r": 20, "t": 20, "b": 100},
        meta={
            "alt": f"Confusion matrix of {matrix.sum():,} images in ten classes. The most frequent "
            f"error: {names[truth]} taken for {names[prediction]}, "
            f"{wrong[truth, prediction]} times."
        },
    )
    return figure
