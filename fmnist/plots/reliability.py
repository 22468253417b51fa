"""Promises and outcomes: what a network is sure of, and what comes true. Live, with Plotly."""

from collections.abc import Mapping

import numpy as np
import plotly.graph_objects as go

from fmnist.evaluation import calibration
from fmnist.plots.style import COLOURS, GREY, layout


def reliability(diagrams: Mapping[str, calibration.Reliability]) -> go.Figure:
    """Return a reliability diagram: accuracy against confidence, bin by bin.

    Below the diagonal a network promises more than it keeps. Marks grow with the number of images.

    Args:
        diagrams: by name; empty bins are left out.
    """
    figure = go.Figure()
    figure.add_scatter(
        x=[0, 1],
        y=[0, 1],
        mode="lines",
        line={"color": GREY, "dash": "dash"},
        name="kept promises",
        hoverinfo="skip",
    )
    said = []
    for (name, bins), colour, symbol in zip(
        diagrams.items(), COLOURS, ("circle", "diamond", "square", "cross", "x"), strict=False
    ):
        filled = bins.counts > 0
        counts = bins.counts[filled]
        figure.add_scatter(
            x=bins.confidence[filled].round(4).tolist(),
            y=bins.accuracy[filled].round(4).tolist(),
            mode="markers",
            name=name,
            marker={
                "color": colour,
                "symbol": symbol,
                "size": (6 + 3 * np.log10(counts)).round(1).tolist(),
            },
            customdata=counts.tolist(),
            hovertemplate=f"{name}: confidence %{{x:.2f}}, accuracy %{{y:.2f}}, "
            "%{customdata:,} images<extra></extra>",
        )
        gap = counts @ (bins.confidence[filled] - bins.accuracy[filled]) / counts.sum()
        said.append(
            f"{name}: mean confidence {abs(100 * gap):.1f} percentage points "
            f"{'above' if gap > 0 else 'below'} accuracy"
        )
    return figure.update_layout(
        xaxis={"title": "confidence", "range": [0, 1.02]},
        yaxis={"title": "accuracy", "range": [0, 1.02]},
        legend={"x": 0.98, "xanchor": "right", "y": 0.02, "yanchor": "bottom"},
        **layout(alt=f"Reliability diagram. {'; '.join(said)}.", height=420),
    )


def risk_coverage(
    curves: Mapping[str, calibration.RiskCoverage], *, points: int = 101
) -> go.Figure:
    """Return the error among answered images against the share of images answered.

    Args:
        curves: by name.
        points: that a curve is drawn with.
    """
    figure = go.Figure()
    said = []
    for (name, curve), colour in zip(curves.items(), COLOURS, strict=False):
        # The first per cent is a matter of single images.
        wanted = np.linspace(0.01, 1, points - 1)
        places = np.minimum(np.searchsorted(curve.coverage, wanted), len(curve.coverage) - 1)
        places = np.unique(places)
        figure.add_scatter(
            x=(100 * curve.coverage[places]).round(2).tolist(),
            y=(100 * curve.risk[places]).round(3).tolist(),
            mode="lines",
            name=name,
            line={"color": colour},
            customdata=curve.threshold[places].round(3).tolist(),
            hovertemplate=f"{name}: %{{x:.0f}} % answered (confidence %{{customdata:.2f}} and "
            "more), %{y:.1f} % of them wrong<extra></extra>",
        )
        half = min(int(np.searchsorted(curve.coverage, 0.8)), len(curve.coverage) - 1)
        said.append(
            f"{name}: {100 * curve.risk[-1]:.1f} % wrong of all, {100 * curve.risk[half]:.1f} % "
            f"of the surest {100 * curve.coverage[half]:.0f} %"
        )
    return figure.update_layout(
        xaxis={"title": "images answered by the network (%)", "range": [0, 101]},
        yaxis={"title": "wrong among them (%)", "rangemode": "tozero"},
        showlegend=len(curves) > 1,
        legend={"x": 0.02, "y": 0.98},
        **layout(alt=f"Risk against coverage. {'; '.join(said)}.", height=380),
    )
