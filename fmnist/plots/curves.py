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
KINDS = {"training": ("solid", ""), "validation": ("dash", "val_")}  # line, and prefix of a key


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
    for name, (dash, _) in KINDS.items():
        figure.add_scatter(
            x=[None], y=[None], name=name, mode="lines", line={"color": GREY, "dash": dash}
        )
    ends = []
    for (name, history), colour in zip(
        histories.items(), itertools.cycle(MORE_COLOURS), strict=False
    ):
        last = []
        for split, (dash, prefix) in KINDS.items():
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
    real: Collection[str] | None = None,
) -> go.Figure:
    """Return gains in accuracy as dots with their intervals, the largest at the top.

    Args:
        rows: name of each recipe and how much more accurate it is than the reference.
        by_seed: the same names, and the difference for each seed, as fractions.
        reference: what they are compared with.
        real: names of those that count as real; the others are drawn pale. All if not given.
    """
    names = sorted(rows, key=lambda name: rows[name].value)
    dark = names if real is None else [name for name in names if name in real]
    pale = [name for name in names if name not in dark]
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
    for drawn, colour, kind in ((dark, BLUE, ""), (pale, GREY, ", left open")):
        if drawn:
            figure.add_scatter(
                x=[round(points[name], 2) for name in drawn],
                y=drawn,
                name=f"mean, with its interval{kind}",
                mode="markers",
                marker={"color": colour, "size": 10},
                error_x=error_bars(
                    [round(ends[name][1] - points[name], 2) for name in drawn],
                    [round(points[name] - ends[name][0], 2) for name in drawn],
                    color=colour,
                ),
                text=[str(rows[name]) for name in drawn],
                hovertemplate="%{y}: %{text}<extra></extra>",
            )
    listed = "; ".join(
        f"{name} {points[name]:+.1f} ({ends[name][0]:+.1f} to {ends[name][1]:+.1f})"
        f"{', left open' if name in pale else ''}"
        for name in reversed(names)
    )
    alt = (
        f"Dots with 95 % intervals: gain in accuracy over {reference}, in percentage points. "
        f"{listed}."
    )
    return figure.update_layout(
        xaxis={"title": "gain (percentage points)", "zeroline": True},
        # In the order of the names, whichever trace they are in.
        yaxis={"automargin": True, "categoryorder": "array", "categoryarray": names},
        legend=LEGEND,
        **layout(alt=alt, height=140 + min(46 * len(names), 460), left=110),
    )


def accuracies(lines: Mapping[str, Mapping[float, results.Accuracy]], *, xlabel: str) -> Figure:
    """Return accuracies with their 95 % intervals over a quantity that was varied.

    Args:
        lines: name of each line, and its accuracy at each value of the quantity.
        xlabel: the quantity and its unit.
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
    axis.set(xlabel=xlabel, ylabel="accuracy (%)", xticks=sorted(set().union(*lines.values())))
    axis.grid(alpha=0.3)
    axis.legend(frameon=False, loc="lower left")
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
