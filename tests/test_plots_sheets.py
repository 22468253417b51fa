"""Sheets of images behind live figures."""

import base64
import io

import numpy as np
from PIL import Image

from fmnist.plots import sheets


def test_a_sheet_holds_the_images_at_their_places():
    """Sixteen greys of the image are found again at its place; what is empty is transparent."""
    image = np.random.default_rng(0).integers(0, 256, (28, 28), dtype=np.uint8)
    address = sheets.picture(image[np.newaxis], [(1, 0)], columns=2, rows=2)
    content = base64.b64decode(address.removeprefix("data:image/png;base64,"))
    sheet = np.asarray(Image.open(io.BytesIO(content)).convert("RGBA"))
    assert sheet.shape == (56, 56, 4)
    # Dark on light: a pixel of 255 is drawn black.
    assert np.abs(sheet[:28, 28:, 0] - (255.0 - image)).max() <= 255 / (2 * 14) + 1
    assert (sheet[:28, 28:, 3] == 255).all()
    assert not sheet[28:, :, 3].any()
    assert not sheet[:28, :28, 3].any()


def test_each_entry_of_the_menu_shows_one_sheet_and_changes_what_it_says():
    """Marks and picture of the others are hidden, and the rows have the names of this one."""
    image = np.zeros((1, 28, 28), dtype=np.uint8)
    two = [
        sheets.Sheet("first", image, [(0, 0)], [["a"]], "%{customdata[0]}"),
        sheets.Sheet("second", image, [(1, 1)], [["b"]], "", {"yaxis.ticktext": ["c", "d"]}),
    ]
    figure = sheets.one_of(two, shown=1, columns=3, rows=["p", "q"], marker={"size": 9})
    assert [trace.visible for trace in figure.data] == [False, True]
    assert [image.visible for image in figure.layout.images] == [False, True]
    assert (figure.data[1].x, figure.data[1].y) == ((1,), (1,))
    assert figure.layout.yaxis.range == (1.5, -0.5)
    first, second = figure.layout.updatemenus[0].buttons
    assert (first.label, second.label) == ("first", "second")
    assert first.args == (
        {"visible": [True, False]},
        {"images[0].visible": True, "images[1].visible": False},
    )
    assert second.args[1]["yaxis.ticktext"] == ["c", "d"]
