"""Many images as one picture behind a live figure, so that a page stays light."""

import base64
import io
from collections.abc import Sequence
from typing import Any

import numpy as np
from PIL import Image

from fmnist.data import splits

SIDE = splits.IMAGE_SHAPE[0]
GREYS = 15  # that an image is drawn with; a 16th stands for no image


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


def behind(picture: str, columns: int, rows: int, *, visible: bool) -> dict[str, Any]:
    """Return a sheet as an image of a layout: cells have the side 1, the first lies at (0, 0)."""
    return {
        "source": picture,
        "xref": "x",
        "yref": "y",
        "x": -0.5,
        "y": -0.5,
        "sizex": columns,
        "sizey": rows,
        "sizing": "stretch",
        "layer": "below",
        "visible": visible,
    }
