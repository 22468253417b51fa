"""Results side by side, class by class and model by model: live, with Plotly.

Results are drawn with their intervals; what they cover stands in `fmnist.evaluation.results`.
"""

from collections.abc import Mapping, Sequence

import numpy as np
import plotly.graph_objects as go

from fmnist.data import splits
from fmnist.evaluation import results
from fmnist.plots.style import BLUE, BUTTONS, LEGEND, ORANGE, SEED, error_bars, layout, menu


def class_recalls(recalls: Sequence[results.Accuracy], by_seed: np.ndarray) -> go.Figure:
    """Return the recall of each class with its interval, and that of each seed as a small mark.

    Args:
        recalls: one for each class, in the order of the labels.
        by_seed: float, shape (seeds, 10), in [0, 1]: the recall of each network.

    Raises:
        ValueError: there are not ten classes in both.
    """
    names = splits.CLASS_NAMES
    if len(recalls) != len(names) or by_seed.shape[1:] != (len(names),):
        raise ValueError(
            f"class_recalls expects ten classes, received {len(recalls)} results and seeds of "
            f"shape {by_seed.shape}"
        )
    order = np.argsort([recall.value for recall in recalls], kind="stable")
    labels = [names[label] for label in order]
    figure = go.Figure()
    figure.add_scatter(
        x=[100 * recalls[label].value for label in order],
        y=labels,
        error_x=_bars([recalls[label] for label in order]),
        mode="markers",
        name="mean, with its interval",
        marker={"color": BLUE, "size": 9},
        customdata=[str(recalls[label]) for label in order],
        hovertemplate="%{y}: %{customdata}<extra></extra>",
    )
    seeds = recalls[0].seeds
    figure.add_scatter(
        x=(100 * by_seed[:, order]).round(1).ravel().tolist(),
        y=labels * len(by_seed),
        mode="markers",
        name="one seed each",
        marker=SEED,
        customdata=[seed for seed in seeds for _ in names],
        hovertemplate="%{y}, seed %{customdata}: %{x:.1f} %<extra></extra>",
    )
    lowest, highest = recalls[order[0]], recalls[order[-1]]
    alt = (
        f"Recall by class, lowest first: {labels[0]} {lowest}, up to {labels[-1]} {highest}. "
        f"Each class has a mark for each of {len(by_seed)} seeds."
    )
    return figure.update_layout(
        xaxis={"title": f"recall, {lowest.split} images (%)"},
        yaxis={"automargin": True},
        legend=LEGEND,
        **layout(alt=alt, height=420, left=100, top=40),
    )


def ladder(
    accuracies: Mapping[str, results.Accuracy],
    *,
    work: Mapping[str, float],
    seconds: Mapping[str, float],
    parameters: Mapping[str, int],
) -> go.Figure:
    """Return models by price and accuracy; the reader chooses the price.

    Args:
        accuracies: by name of the model.
        work: multiplications of one training, by the same names.
        seconds: that one training took, by the same names.
        parameters: how many numbers were trained, by the same names.
    """
    names = list(accuracies)
    billions = {name: number / 1e9 for name, number in work.items()}
    prices = (
        (
            "multiplications",
            "billions of multiplications, one training",
            billions,
            "%{x:,.0f} billion multiplications",
        ),
        ("training time", "seconds of one core, one training", seconds, "%{x:,.0f} s"),
        ("parameters", "trained parameters", parameters, "%{x:,.0f} parameters"),
    )
    figure = go.Figure()
    for _, _, price, said in prices:
        figure.add_scatter(
            x=[price[name] for name in names],
            y=[100 * accuracies[name].value for name in names],
            error_y=_bars(list(accuracies.values())),
            mode="markers+text",
            marker={"color": BLUE, "size": 10},
            text=[f" {name}" for name in names],
            textposition="middle right",  # beside the bars, whatever price is shown
            cliponaxis=False,
            customdata=[f"{name}: {accuracies[name]}" for name in names],
            hovertemplate=f"%{{customdata}}<br>{said}<extra></extra>",
            visible=not figure.data,
        )
    listed = "; ".join(
        f"{name}: {billions[name]:,.0f} billion multiplications, {seconds[name]:,.0f} seconds, "
        f"{parameters[name]:,} parameters, {100 * accuracies[name].value:.1f} %"
        for name in names
    )
    alt = f"Models by price of training and accuracy. {listed}."
    return figure.update_layout(
        xaxis={"title": prices[0][1], "type": "log", "dtick": 1},
        yaxis={"title": f"{accuracies[names[0]].split} accuracy (%)"},
        showlegend=False,
        updatemenus=menu(
            BUTTONS,
            "update",
            {
                label: [
                    {"visible": [other == label for other, *_ in prices]},
                    {"xaxis.title.text": title, "xaxis.autorange": True},
                ]
                for label, title, _, _ in prices
            },
        ),
        **layout(alt=alt, height=440, right=95, top=50),
    )


def leads(lines: Mapping[str, Sequence[float]], *, candidates: str) -> go.Figure:
    """Return how far the best of 1, 2, 3, ... candidates leads, by what its lead is measured on.

    Args:
        lines: name of what was measured on, and the lead for each number, as a fraction; all of
            the same length.
        candidates: what there are 1, 2, 3, ... of.
    """
    figure = go.Figure()
    for (name, line), colour in zip(lines.items(), (ORANGE, BLUE), strict=False):
        figure.add_scatter(
            x=list(range(1, len(line) + 1)),
            y=[round(100 * lead, 3) for lead in line],
            name=name,
            mode="lines+markers",
            line={"color": colour},
            hovertemplate=f"best of %{{x}}, {name}: %{{y:+.2f}} points<extra></extra>",
        )
    ends = ", ".join(f"{name} {100 * line[-1]:+.2f}" for name, line in lines.items())
    most = max(len(line) for line in lines.values())
    alt = (
        f"Lines: lead of the best over the mean, in percentage points, for 1 to {most} "
        f"{candidates}. For all of them: {ends}."
    )
    return figure.update_layout(
        xaxis={"title": candidates},
        yaxis={"title": "lead of the best (points)"},
        legend=LEGEND,
        **layout(alt=alt, height=340, top=40),
    )


def _bars(measured: Sequence[results.Measured]) -> dict:
    """Return the intervals of results as Plotly's error bars, in per cent."""
    above = [100 * (each.interval[1] - each.value) for each in measured]
    below = [100 * (each.value - each.interval[0]) for each in measured]
    return error_bars(above, below, thickness=1.5)
