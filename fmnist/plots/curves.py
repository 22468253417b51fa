"""Curves over epochs, steps and shifts, and gains with their intervals."""

import itertools
from collections.abc import Collection, Mapping, Sequence

import matplotlib.pyplot as plt
import numpy as np
import plotly.graph_objects as go
from matplotlib.figure import Figure

from fmnist.evaluation import results
from fmnist.plots.style import BLUE, COLOURS, GREY, LEGEND, SEED, error_bars, layout

MORE_COLOURS = (*COLOURS, "#E69F00")
LABELS = {"loss": "loss (nats per image)", "accuracy": "accuracy (%)"}
SCALES = {"loss": 1, "accuracy": 100}
# Line, prefix of a key, and what the values are.
KINDS = {
    "training": ("solid", "", "training (mean over the epoch)"),
    "validation": ("dash", "val_", "validation (after it)"),
}


def learning_curves(
    histories: Mapping[str, Sequence[Mapping[str, float]]],
    *,
    quantity: str = "loss",
    shown: Collection[str] | None = None,
) -> go.Figure:
    """Return curves over epochs, on training and validation images; a click hides a run.

    Args:
        histories: name of each run and its history; see `runs.Trained` for what the rows mean.
        quantity: "loss" or "accuracy".
        shown: names that are drawn before anybody clicks; all if not given.

    Raises:
        ValueError: there is no such quantity, or a name to be shown is not among the histories.
    """
    if quantity not in LABELS:
        raise ValueError(f"quantity must be one of {', '.join(LABELS)}, not {quantity!r}")
    if unknown := set(shown or ()) - set(histories):
        raise ValueError(f"shown names no history: {', '.join(sorted(unknown))}")
    figure = go.Figure()
    for dash, _, told in KINDS.values():
        figure.add_scatter(
            x=[None], y=[None], name=told, mode="lines", line={"color": GREY, "dash": dash}
        )
    ends = []
    for (name, history), colour in zip(
        histories.items(), itertools.cycle(MORE_COLOURS), strict=False
    ):
        last = []
        for split, (dash, prefix, _) in KINDS.items():
            values = [round(SCALES[quantity] * row[prefix + quantity], 4) for row in history]
            last.append(f"{values[-1]:.2f}")
            figure.add_scatter(
                x=list(range(1, len(history) + 1)),
                y=values,
                name=name,
                legendgroup=name,
                showlegend=split == "training",
                visible=True if shown is None or name in shown else "legendonly",
                mode="lines+markers",
                marker={"size": 5},
                line={"color": colour, "dash": dash},
                hovertemplate=f"{name}, {split}, epoch %{{x}}: %{{y:.3f}}<extra></extra>",
            )
        ends.append(f"{name} {' and '.join(last)}")
    longest = max(len(history) for history in histories.values())
    return figure.update_layout(
        xaxis={"title": "epoch", "dtick": 1},
        yaxis={"title": LABELS[quantity]},
        legend=LEGEND,
        **layout(
            alt=f"Line chart of the {LABELS[quantity]} over {longest} epochs, two lines a run. "
            f"At the end, training and validation: {'; '.join(ends)}.",
            height=420,
        ),
    )


def gains(
    rows: Mapping[str, results.Difference],
    by_seed: Mapping[str, Sequence[float]],
    *,
    reference: str,
) -> go.Figure:
    """Return gains in accuracy as dots with their intervals, the largest at the top.

    Args:
        rows: name of each recipe and how much more accurate it is than the reference.
        by_seed: the same names, and the difference for each seed, as fractions.
        reference: what they are compared with.
    """
    names = sorted(rows, key=lambda name: rows[name].value)
    points = {name: 100 * rows[name].value for name in names}
    ends = {name: [100 * end for end in rows[name].interval] for name in names}
    figure = go.Figure()
    figure.add_scatter(
        x=[round(100 * value, 2) for name in names for value in by_seed[name]],
        y=[name for name in names for _ in by_seed[name]],
        name="one seed each",
        mode="markers",
        marker=SEED,
        hovertemplate="%{y}, one seed: %{x:+.2f} percentage points<extra></extra>",
    )
    figure.add_scatter(
        x=[round(points[name], 2) for name in names],
        y=names,
        name="mean, with its interval",
        mode="markers",
        marker={"color": BLUE, "size": 10},
        error_x=error_bars(
            [round(ends[name][1] - points[name], 2) for name in names],
            [round(points[name] - ends[name][0], 2) for name in names],
            color=BLUE,
        ),
        text=[str(rows[name]) for name in names],
        hovertemplate="%{y}: %{text}<extra></extra>",
    )
    listed = "; ".join(
        f"{name} {points[name]:+.1f} ({ends[name][0]:+.1f} to {ends[name][1]:+.1f})"
        for name in reversed(names)
    )
    alt = (
        f"Dots with 95 % intervals: gain in accuracy over {reference}, in percentage points. "
        f"{listed}."
    )
    return figure.update_layout(
        xaxis={"title": "gain (percentage points)", "zeroline": True},
        yaxis={"automargin": True},
        legend=LEGEND,
        **layout(alt=alt, height=140 + 46 * len(names), left=110),
    )


def verdicts(
    rows: Mapping[str, Mapping[str, results.Difference]],
    real: Mapping[str, Collection[str]],
    *,
    reference: str,
    beside: Mapping[str, str] | None = None,
    heading: str = "",
) -> go.Figure:
    """Return gains under several conditions, a row for each recipe, filled where they are real.

    Args:
        rows: by condition, a number of seeds for example, the gain of each recipe by its name. The
            names are the same; the recipe with the largest gain under the last stands at the top.
        real: by condition, the names of those whose gain is real after a correction.
        reference: what they are compared with.
        beside: by name, what stands at the right of a row.
        heading: above it.
    """
    *_, last = rows.values()
    names = sorted(last, key=lambda name: last[name].value)
    marks = zip(COLOURS, itertools.cycle(("circle", "square", "diamond")), strict=False)
    looks = dict(zip(rows, marks, strict=False))
    figure = go.Figure()
    keys = {"filled: real": (GREY, "circle"), "hollow: open": (GREY, "circle-open")}
    for key, (colour, symbol) in (keys | looks).items():
        figure.add_scatter(
            x=[None],
            y=[None],
            name=key,
            legendgroup=key,
            mode="markers",
            marker={"color": colour, "size": 10, "symbol": symbol},
        )
    for condition in reversed([*rows]):  # a row is filled from below
        colour, symbol = looks[condition]
        chosen = [rows[condition][name] for name in names]
        hollow = ["" if name in real[condition] else "-open" for name in names]
        points = [100 * row.value for row in chosen]
        ends = [[100 * end for end in row.interval] for row in chosen]
        figure.add_scatter(
            x=[round(point, 2) for point in points],
            y=names,
            name=condition,
            legendgroup=condition,
            showlegend=False,
            orientation="h",
            offsetgroup=condition,
            mode="markers",
            marker={
                "color": colour,
                "size": 10,
                "symbol": [f"{symbol}{kind}" for kind in hollow],
            },
            error_x=error_bars(
                [round(high - point, 2) for point, (_, high) in zip(points, ends, strict=True)],
                [round(point - low, 2) for point, (low, _) in zip(points, ends, strict=True)],
                color=colour,
                width=3,
            ),
            text=[str(row) for row in chosen],
            hovertemplate=f"%{{y}}, {condition}: %{{text}}<extra></extra>",
        )
    if beside:
        place = {"x": 1.01, "xref": "paper", "xanchor": "left", "showarrow": False}
        figure.add_annotation(text=heading, y=1, yref="paper", yanchor="bottom", **place)
        for name in names:
            figure.add_annotation(text=beside[name], y=name, **place)
    told = [_told(name, rows, real) for name in names]
    if beside:
        told = [f"{row}, {heading} {beside[name]}" for row, name in zip(told, names, strict=True)]
    alt = (
        f"Dots with 95 % intervals: gain in accuracy over {reference}, in percentage points. "
        f"{'; '.join(reversed(told))}."
    )
    return figure.update_layout(
        xaxis={"title": "gain (percentage points)", "zeroline": True},
        yaxis={
            "type": "category",
            "categoryarray": names,
            "range": [-0.6, len(names) - 0.3],
            "automargin": True,
        },
        scattermode="group",
        scattergap=0.3,
        legend=LEGEND,
        **layout(alt=alt, height=140 + 60 * len(names), left=110, right=110 if beside else 20),
    )


def _told(
    name: str,
    rows: Mapping[str, Mapping[str, results.Difference]],
    real: Mapping[str, Collection[str]],
) -> str:
    """Return a row of `verdicts` in words."""
    said = []
    for condition, gained in rows.items():
        point, low, high = (100 * each for each in (gained[name].value, *gained[name].interval))
        verdict = "real" if name in real[condition] else "open"
        said.append(f"{condition} {point:+.1f} ({low:+.1f} to {high:+.1f}, {verdict})")
    return f"{name} {', '.join(said)}"


def accuracies(
    lines: Mapping[str, Mapping[float, results.Accuracy]],
    *,
    xlabel: str,
    logarithmic: bool = False,
) -> Figure:
    """Return accuracies with their 95 % intervals over a quantity that was varied.

    Args:
        lines: name of each line, and its accuracy at each value of the quantity.
        xlabel: the quantity and its unit.
        logarithmic: whether equal steps to the right are equal factors of it.
    """
    figure, axis = plt.subplots(figsize=(6.4, 3.4), layout="constrained")
    marks = itertools.cycle("osD^v")
    for (name, line), colour, mark in zip(lines.items(), COLOURS, marks, strict=False):
        middle = 100 * np.array([accuracy.value for accuracy in line.values()])
        ends = 100 * np.array([accuracy.interval for accuracy in line.values()]).T
        axis.errorbar(
            list(line), middle, abs(ends - middle), fmt=f"{mark}-", color=colour, capsize=3,
            label=name,
        )  # fmt: skip
    axis.set(xlabel=xlabel, ylabel="accuracy (%)")
    if logarithmic:
        axis.set_xscale("log")
    else:
        axis.set_xticks(sorted(set().union(*lines.values())))
    axis.grid(alpha=0.3)
    if len(lines) > 1:
        axis.legend(frameon=False, loc="best")
    return figure


def descent(
    weights: np.ndarray,
    biases: np.ndarray,
    losses: np.ndarray,
    paths: Mapping[str, np.ndarray],
) -> Figure:
    """Return a loss over two parameters as contours, and the paths that descents took.

    Args:
        weights: float, shape (w,), of the horizontal axis.
        biases: float, shape (b,), of the vertical axis.
        losses: float, shape (b, w), nats.
        paths: name of each descent, and the (weight, bias) after each step: float, shape (s, 2).
    """
    figure, axis = plt.subplots(figsize=(6.4, 5.2), layout="constrained")
    # Levels at equal shares of the places: the floor is drawn as finely as the walls.
    levels = np.unique(np.quantile(losses, np.linspace(0.0, 0.98, 16)))
    drawn = axis.contour(weights, biases, losses, levels, colors="0.6", linewidths=0.8)
    axis.clabel(drawn, levels[2::4], fmt="%.2f", fontsize=8)
    for (name, path), colour, mark in zip(paths.items(), COLOURS, "osD^v", strict=False):
        axis.plot(*path.T, f"{mark}-", color=colour, markersize=4, linewidth=1.2, label=name)
    axis.set(
        xlim=(weights[0], weights[-1]), ylim=(biases[0], biases[-1]), xlabel="weight", ylabel="bias"
    )
    figure.legend(loc="outside lower center", ncols=2, frameon=False)
    return figure
