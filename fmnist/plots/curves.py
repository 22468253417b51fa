"""Curves over epochs and thresholds: live, with Plotly."""

import plotly.graph_objects as go

from fmnist.plots.style import BLUE, ORANGE


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
