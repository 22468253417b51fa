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
