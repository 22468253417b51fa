"""Many images as one picture behind a live figure, so that a page stays light."""

import base64
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import plotly.graph_objects as go
from PIL import Image

from fmnist.data import splits
from fmnist.plots.style import BARE, DROPDOWN, menu

SIDE = splits.IMAGE_SHAPE[0]
GREYS = 15  # that an image is drawn with; a 16th stands for no image


@dataclass(frozen=True)
class Sheet:
    """Images in rows and columns, of which a reader learns more by pointing at one.

    Attributes:
        label: by which the sheet is chosen.
        images: uint8, shape (n, 28, 28).
        places: column and row of each image, from 0.
        facts: of each image, what is told of it.
        told: Plotly's template, in which the facts are `%{customdata[0]}` and so on.
        layout: what else of the figure's layout changes when the sheet is chosen.
    """

    label: str
    images: np.ndarray
    places: Sequence[tuple[int, int]]
    facts: Sequence[Sequence[object]]
    told: str
    layout: Mapping[str, Any] = field(default_factory=dict)


def one_of(
    sheets: Sequence[Sheet],
    *,
    shown: int,
    columns: int,
    rows: Sequence[str],
    marker: Mapping[str, Any],
) -> go.Figure:
    """Return a figure that shows one sheet, which the reader chooses from a menu.

    Cells have the side 1, and the first one lies at (0, 0). On a narrow screen images become
    smaller, not slimmer.

    Args:
        sheets: all of the same number of columns and rows.
        shown: number of the sheet that is shown first.
        columns: of each sheet.
        rows: what stands beside each row, the topmost first.
        marker: size, and whatever else is to be said, of the unseen marks that are pointed at.
    """

    def only(number: int) -> list[bool]:
        return [other == number for other in range(len(sheets))]

    figure = go.Figure()
    for number, sheet in enumerate(sheets):
        figure.add_scatter(
            x=[column for column, _ in sheet.places],
            y=[row for _, row in sheet.places],
            mode="markers",
            marker={"symbol": "square", "opacity": 0, **marker},
            visible=number == shown,
            showlegend=False,
            customdata=sheet.facts,
            hovertemplate=f"{sheet.told}<extra></extra>",
        )
        figure.add_layout_image(
            source=picture(sheet.images, sheet.places, columns, len(rows)),
            xref="x",
            yref="y",
            x=-0.5,
            y=-0.5,
            sizex=columns,
            sizey=len(rows),
            sizing="stretch",
            layer="below",
            visible=number == shown,
        )
    choices = {}
    for number, sheet in enumerate(sheets):
        pictures = {f"images[{other}].visible": on for other, on in enumerate(only(number))}
        choices[sheet.label] = [{"visible": only(number)}, pictures | dict(sheet.layout)]
    bare = {**BARE, "fixedrange": True, "constrain": "domain"}
    return figure.update_layout(
        xaxis={**bare, "range": [-0.5, columns - 0.5], "showticklabels": False},
        yaxis={
            **bare,
            "range": [len(rows) - 0.5, -0.5],
            "scaleanchor": "x",
            "constraintoward": "top",
            "tickvals": list(range(len(rows))),
            "ticktext": rows,
            "automargin": True,
        },
        updatemenus=menu(DROPDOWN, "update", choices),
    )


def picture(images: np.ndarray, places: Sequence[tuple[int, int]], columns: int, rows: int) -> str:
    """Return images on one sheet, dark on light, as a PNG in an address.

    Sixteen greys, of which one is transparent, make it a third as long as 256 would.

    Args:
        images: uint8, shape (n, 28, 28).
        places: column and row of each image, from 0.
        columns: of the sheet.
        rows: of the sheet.
    """
    sheet = np.full((rows * SIDE, columns * SIDE), GREYS, dtype=np.uint8)
    for image, (column, row) in zip(images, places, strict=True):
        at = (slice(row * SIDE, (row + 1) * SIDE), slice(column * SIDE, (column + 1) * SIDE))
        sheet[at] = np.rint(image / 255 * (GREYS - 1))
    drawn = Image.fromarray(sheet, mode="P")
    greys = [255 - round(grey * 255 / (GREYS - 1)) for grey in range(GREYS)]
    drawn.putpalette([grey for grey in [*greys, 0] for _ in "rgb"])
    file = io.BytesIO()
    drawn.save(file, format="png", bits=4, transparency=GREYS, optimize=True)
    return "data:image/png;base64," + base64.b64encode(file.getvalue()).decode()
