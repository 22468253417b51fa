"""Tables of classes against classes: live, with Plotly."""

import numpy as np
import plotly.graph_objects as go

from fmnist import data


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
