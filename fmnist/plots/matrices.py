"""Tables of classes against classes, and the images behind them: live, with Plotly."""

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go

from fmnist.analysis import errors
from fmnist.data import splits
from fmnist.plots import sheets
from fmnist.plots.style import BLUE, BUTTONS, LEGEND, ORANGE, layout, menu


def confusion_matrix(matrix: np.ndarray) -> go.Figure:
    """Return a heat map of counts, or of shares of each true class, as the reader chooses.

    Rows are true classes, columns predictions. The colours end shortly above the largest error: a
    scale up to the diagonal would leave none for the errors.

    Args:
        matrix: int, shape (10, 10), no row empty.

    Raises:
        ValueError: the matrix has another shape, or a row without images.
    """
    names = list(splits.CLASS_NAMES)
    if matrix.shape != (len(names), len(names)) or not matrix.sum(axis=1).all():
        raise ValueError(
            "confusion_matrix expects shape (10, 10) with images in every row, received shape "
            f"{matrix.shape}"
        )
    shares = 100 * matrix / matrix.sum(axis=1, keepdims=True)
    wrong = matrix - np.diag(matrix.diagonal())
    truth, prediction = np.unravel_index(wrong.argmax(), wrong.shape)
    figure = go.Figure()
    for values, shown, said in (
        (matrix, "%{z}", "%{z} images"),
        (shares.round(1), "%{z:.0f}", "%{z:.1f} % of the class"),
    ):
        mistakes = values - np.diag(values.diagonal())
        figure.add_heatmap(
            z=values.tolist(),
            x=names,
            y=names,
            colorscale="Cividis",
            zmin=0,
            zmax=1.5 * float(max(mistakes.max(), 1)),
            showscale=False,
            visible=not figure.data,
            hovertemplate=f"%{{y}}, taken for %{{x}}: {said}<extra></extra>",
            texttemplate=shown,
        )
    alt = (
        f"Confusion matrix of {matrix.sum():,} images in ten classes. The most frequent "
        f"error: {names[truth]} taken for {names[prediction]}, "
        f"{wrong[truth, prediction]} times, {shares[truth, prediction]:.0f} % of the class."
    )
    return figure.update_layout(
        xaxis={"title": "prediction", "tickangle": -45},
        yaxis={
            "title": {"text": "true class", "standoff": 15},
            "autorange": "reversed",
            "automargin": True,
        },
        updatemenus=menu(
            BUTTONS,
            "restyle",
            {
                "images": [{"visible": [True, False]}],
                "% of the true class": [{"visible": [False, True]}],
            },
        ),
        **layout(alt=alt, height=600, left=100, top=50, bottom=100),
    )


def confused_pairs(pairs: Sequence[errors.ConfusedPair], *, shown: int = 8) -> go.Figure:
    """Return the pairs of classes with the most mistakes, as bars with a part for each direction.

    Args:
        pairs: all 45, the most confused first, with at least one mistake: see
            `errors.confused_pairs`.
        shown: how many of them.
    """
    mistakes = sum(pair.total for pair in pairs)
    top = list(pairs[:shown])
    reached = np.cumsum([pair.total for pair in top]) / mistakes
    names = [f"{pair.first} / {pair.second}" for pair in top]
    figure = go.Figure()
    labels = ("the first taken for the second", "the second taken for the first")
    directions = (
        [(f"{pair.first} taken for {pair.second}", pair.first_as_second) for pair in top],
        [(f"{pair.second} taken for {pair.first}", pair.second_as_first) for pair in top],
    )
    for colour, label, bars in zip((BLUE, ORANGE), labels, directions, strict=True):
        figure.add_bar(
            y=names,
            x=[count for _, count in bars],
            name=label,
            orientation="h",
            marker={"color": colour},
            customdata=[
                [said, 100 * share] for (said, _), share in zip(bars, reached, strict=True)
            ],
            hovertemplate="%{customdata[0]}: %{x} images<br>all pairs down to this one: "
            "%{customdata[1]:.0f} % of the errors<extra></extra>",
        )
    totals = "; ".join(f"{name}: {pair.total}" for name, pair in zip(names, top, strict=True))
    alt = (
        f"Bars for the {len(top)} most confused pairs of classes. {totals}. "
        f"Together {100 * reached[-1]:.0f} % of {mistakes:,} errors."
    )
    return figure.update_layout(
        barmode="stack",
        xaxis={"title": f"images, of {mistakes:,} errors"},
        yaxis={"autorange": "reversed", "automargin": True},
        legend={**LEGEND, "traceorder": "normal"},
        **layout(alt=alt, height=380, left=150, top=50),
    )


def error_browser(
    split: splits.Split, predicted: np.ndarray, confidence: np.ndarray, *, columns: int = 7
) -> go.Figure:
    """Return the misclassified images: the reader chooses the true class, rows are predictions.

    In each row stand the images of which the network was most sure; the row of the true class
    itself stays empty.

    Args:
        split: images and labels.
        predicted: int, shape (n,), in [0, 9]; not all right.
        confidence: float, shape (n,), in [0, 1], the probability of the predicted class.
        columns: how many images a row has room for.

    Raises:
        ValueError: there is no error to look at.
    """
    names = splits.CLASS_NAMES
    wrong = predicted != split.labels
    if not wrong.any():
        raise ValueError("error_browser expects at least one misclassified image")
    counts = np.zeros((len(names), len(names)), dtype=int)
    np.add.at(counts, (split.labels[wrong], predicted[wrong]), 1)
    first = int(counts.sum(axis=1).argmax())
    browser = []
    for truth, (name, row) in enumerate(zip(names, counts, strict=True)):
        places, positions = [], []
        for prediction in range(len(names)):
            mistaken = np.flatnonzero(wrong & (split.labels == truth) & (predicted == prediction))
            surest = mistaken[np.argsort(-confidence[mistaken], kind="stable")][:columns]
            places += [(column, prediction) for column in range(len(surest))]
            positions += surest.tolist()
        facts = [
            [position, names[predicted[position]], round(float(confidence[position]), 3)]
            for position in positions
        ]
        told = (
            f"{split.name} image %{{customdata[0]}}<br>label: {name}<br>"
            "network: %{customdata[1]}, with %{customdata[2]:.2f}"
        )
        ticks = [f"{other}<br>{count}" for other, count in zip(names, row, strict=True)]
        browser.append(
            sheets.Sheet(
                label=f"true class: {name} ({row.sum()} errors)",
                images=split.images[positions],
                places=places,
                facts=facts,
                told=told,
                layout={"yaxis.ticktext": ticks},
            )
        )
    figure = sheets.one_of(
        browser,
        shown=first,
        columns=columns,
        rows=browser[first].layout["yaxis.ticktext"],
        marker={"size": 30, "color": BLUE},
    )
    figure.layout.updatemenus[0].active = first
    alt = (
        f"Browser of {wrong.sum():,} misclassified {split.name} images: choose a true "
        f"class; each row holds those that were taken for one other class. Shown first: "
        f"{names[first]}, {counts[first].sum()} errors, most of them taken for "
        f"{names[counts[first].argmax()]}."
    )
    return figure.update_layout(
        xaxis={"constraintoward": "left"},
        yaxis={"title": {"text": "taken for, and how often", "standoff": 10}},
        **layout(alt=alt, height=600, left=100, right=10, top=50, bottom=10),
    )
