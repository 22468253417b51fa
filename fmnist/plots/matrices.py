"""Tables of classes against classes, and the images behind them: live, with Plotly."""

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go

from fmnist.analysis import errors
from fmnist.data import splits
from fmnist.plots import sheets
from fmnist.plots.style import BLUE, BUTTONS, DROPDOWN, ORANGE


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
        errors = values - np.diag(values.diagonal())
        figure.add_heatmap(
            z=values.tolist(),
            x=names,
            y=names,
            colorscale="Cividis",
            zmin=0,
            zmax=1.5 * float(max(errors.max(), 1)),
            showscale=False,
            visible=not figure.data,
            hovertemplate=f"%{{y}}, taken for %{{x}}: {said}<extra></extra>",
            texttemplate=shown,
        )
    figure.update_layout(
        xaxis={"title": "prediction", "tickangle": -45},
        yaxis={
            "title": {"text": "true class", "standoff": 15},
            "autorange": "reversed",
            "automargin": True,
        },
        updatemenus=[
            {
                **BUTTONS,
                "buttons": [
                    {"label": label, "method": "restyle", "args": [{"visible": visible}]}
                    for label, visible in (
                        ("images", [True, False]),
                        ("% of the true class", [False, True]),
                    )
                ],
            }
        ],
        height=600,
        margin={"l": 100, "r": 20, "t": 50, "b": 100},
        meta={
            "alt": f"Confusion matrix of {matrix.sum():,} images in ten classes. The most frequent "
            f"error: {names[truth]} taken for {names[prediction]}, "
            f"{wrong[truth, prediction]} times, {shares[truth, prediction]:.0f} % of the class."
        },
    )
    return figure


def confused_pairs(pairs: Sequence[errors.ConfusedPair], *, shown: int = 8) -> go.Figure:
    """Return the pairs of classes with the most mistakes, as bars with a part for each direction.

    Args:
        pairs: all 45, the most confused first, with at least one mistake: see
            `errors.confused_pairs`.
        shown: how many of them.
    """
    errors = sum(pair.total for pair in pairs)
    top = list(pairs[:shown])
    reached = np.cumsum([pair.total for pair in top]) / errors
    names = [f"{pair.first} / {pair.second}" for pair in top]
    figure = go.Figure()
    for colour, label, counts, directions in (
        (
            BLUE,
            "the first taken for the second",
            [pair.first_as_second for pair in top],
            [f"{pair.first} taken for {pair.second}" for pair in top],
        ),
        (
            ORANGE,
            "the second taken for the first",
            [pair.second_as_first for pair in top],
            [f"{pair.second} taken for {pair.first}" for pair in top],
        ),
    ):
        figure.add_bar(
            y=names,
            x=counts,
            name=label,
            orientation="h",
            marker={"color": colour},
            customdata=[
                [direction, 100 * share]
                for direction, share in zip(directions, reached, strict=True)
            ],
            hovertemplate="%{customdata[0]}: %{x} images<br>all pairs down to this one: "
            "%{customdata[1]:.0f} % of the errors<extra></extra>",
        )
    figure.update_layout(
        barmode="stack",
        xaxis={"title": f"images, of {errors:,} errors"},
        yaxis={"autorange": "reversed", "automargin": True},
        legend={
            "orientation": "h",
            "y": 1.02,
            "yanchor": "bottom",
            "x": 0,
            "traceorder": "normal",
        },
        height=380,
        margin={"l": 150, "r": 20, "t": 50, "b": 50},
        meta={
            "alt": f"Bars for the {len(top)} most confused pairs of classes. "
            + "; ".join(f"{name}: {pair.total}" for name, pair in zip(names, top, strict=True))
            + f". Together {100 * reached[-1]:.0f} % of {errors:,} errors."
        },
    )
    return figure


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
    figure, pictures = go.Figure(), []
    for truth in range(len(names)):
        places, positions = [], []
        for prediction in range(len(names)):
            found = np.flatnonzero(wrong & (split.labels == truth) & (predicted == prediction))
            found = found[np.argsort(-confidence[found], kind="stable")][:columns]
            places += [(column, prediction) for column in range(len(found))]
            positions += found.tolist()
        pictures.append(sheets.picture(split.images[positions], places, columns, len(names)))
        figure.add_scatter(
            x=[column for column, _ in places],
            y=[row for _, row in places],
            mode="markers",
            marker={"size": 30, "symbol": "square", "opacity": 0, "color": BLUE},
            visible=truth == first,
            showlegend=False,
            customdata=[
                [position, names[predicted[position]], round(float(confidence[position]), 3)]
                for position in positions
            ],
            hovertemplate=f"{split.name} image %{{customdata[0]}}<br>label: {names[truth]}<br>"
            "network: %{customdata[1]}, with %{customdata[2]:.2f}<extra></extra>",
        )
    ticks = [
        [f"{name}<br>{count}" for name, count in zip(names, row, strict=True)] for row in counts
    ]
    edges = {
        "showgrid": False,
        "zeroline": False,
        "showline": False,
        "ticks": "",
        "fixedrange": True,
        "constrain": "domain",
    }
    figure.update_layout(
        images=[
            sheets.behind(picture, columns, len(names), visible=truth == first)
            for truth, picture in enumerate(pictures)
        ],
        xaxis={
            **edges,
            "range": [-0.5, columns - 0.5],
            "showticklabels": False,
            "constraintoward": "left",
        },
        yaxis={
            **edges,
            "range": [len(names) - 0.5, -0.5],
            "scaleanchor": "x",
            "constraintoward": "top",
            "title": {"text": "taken for, and how often", "standoff": 10},
            "tickvals": list(range(len(names))),
            "ticktext": ticks[first],
            "automargin": True,
        },
        updatemenus=[
            {
                **DROPDOWN,
                "active": first,
                "buttons": [
                    {
                        "label": f"true class: {name} ({counts[truth].sum()} errors)",
                        "method": "update",
                        "args": [
                            {"visible": [other == truth for other in range(len(names))]},
                            {
                                f"images[{other}].visible": other == truth
                                for other in range(len(names))
                            }
                            | {"yaxis.ticktext": ticks[truth]},
                        ],
                    }
                    for truth, name in enumerate(names)
                ],
            }
        ],
        height=600,
        margin={"l": 100, "r": 10, "t": 50, "b": 10},
        meta={
            "alt": f"Browser of {wrong.sum():,} misclassified {split.name} images: choose a true "
            f"class; each row holds those that were taken for one other class. Shown first: "
            f"{names[first]}, {counts[first].sum()} errors, most of them taken for "
            f"{names[counts[first].argmax()]}."
        },
    )
    return figure
