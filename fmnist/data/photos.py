"""A user's own pictures, as a network that learned from Fashion-MNIST can see them.

`read` takes a picture only if it is like one of the data set: 28 x 28 pixels, one channel of
8 bits, bright on a dark background. `prepare` makes one out of a photo, step by step, so that
whoever asks for a prediction sees what the network is shown.

The data set's own pictures were made by a similar chain: product photos of 762 x 1000 pixels on
a background of nearly white, trimmed where within 5 % of the corner's colour, the longest edge
brought to 28 pixels by leaving pixels out, sharpened with a Gaussian of radius and deviation 1,
centred on 28 x 28, negated, made grey. Here the scaling is antialiased and nothing is sharpened,
pixels are grey from the start, and the contrast is stretched at the end: each published picture
has pixels of 0 and one of at least 254. What stands in the background of a photo stays there.

Source: Xiao, Rasul and Vollgraf (2017), arXiv:1708.07747, for the chain.
"""

import math
import mmap
import warnings
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image, ImageOps, UnidentifiedImageError

SIDE = 28  # pixels
MOST_PIXELS = 16_000_000  # of a photo; above, a small file may need the whole memory
MOST_BYTES = 70_000_000  # of its file
MOST_WEBP = 8_000_000  # whose reader holds the whole file beside the pixels, these twice
MOST_SCANS = 100  # of a progressive JPEG: each goes over all pixels, and may be a few bytes
START_OF_SCAN = b"\xff\xda"  # found in no other place of a JPEG than in a picture inside its notes
WORKED_ON = 1_000_000  # pixels; a larger photo is made smaller before anything else is done
STRIP = 64  # rows of the smaller photo that are made at once
FORMATS = ("PNG", "JPEG", "WEBP", "BMP", "GIF", "TIFF", "PPM")  # none runs another program
SAME = 0.05 * 255  # grey levels by which the background may differ from the corners'
HALF = 127  # grey level; a background above it is light
KINDS = {
    "1": "black and white",
    "L": "grey, 8 bits",
    "LA": "grey with transparency",
    "I;16": "grey, 16 bits",
    "P": "colours of a palette",
    "RGB": "colour",
    "RGBA": "colour with transparency",
}
GREYS = ("1", "L", "I", "F", "I;16", "I;16B", "I;16L", "I;16N")  # modes of one channel
ORIENTATION = 0x0112  # the tag in which a camera notes how it was held; 1 is upright
PREPARE = "--prepare makes it fit"


class NotReady(Exception):
    """A picture cannot be shown to the network; the message says why, in one line."""


@dataclass(frozen=True)
class Prepared:
    """A photo made into a picture like those of the data set.

    Attributes:
        image: uint8, shape (28, 28), axes (row, column), from 0 for background to 255.
        steps: what was done, in words, in this order.
        pictures: how the picture looked after each step, as Pillow images; the last is `image`.
    """

    image: np.ndarray
    steps: tuple[str, ...]
    pictures: tuple[Image.Image, ...]


def read(path: Path) -> np.ndarray:
    """Return a picture that is already like one of the data set.

    Args:
        path: of a picture of 28 x 28 pixels, grey (8 bits), on a dark background.

    Returns:
        uint8, shape (28, 28), axes (row, column), in [0, 255].

    Raises:
        NotReady: it is missing, cannot be read, or is another kind of picture; the message says
            what was expected and what received.
    """
    image = _opened(path)
    wanted = f"expected {SIDE} x {SIDE} pixels, grey, 8 bits, on a dark background; received"
    if image.size != (SIDE, SIDE) or image.mode != "L" or _is_transparent(image):
        raise NotReady(f"{path}: {wanted} {_described(image)}. {PREPARE}.")
    pixels = np.array(image)
    if (level := _background(pixels)) > HALF:
        raise NotReady(f"{path}: {wanted} a light one (its corners: {level}). {PREPARE}.")
    return pixels


def prepare(path: Path) -> Prepared:
    """Make a photo of one piece of clothing into a picture like those of the data set.

    Args:
        path: of a photo in one of `FORMATS`, its background of one colour.

    Returns:
        The picture, its brightest pixel 255, and the steps that led there.

    Raises:
        NotReady: it is missing, cannot be read, has numbers for which grey is not defined, or
            shows nothing that stands out; the message says which.
    """
    image = _opened(path)
    received = f"read: {_described(image)}"
    if image.width * image.height > WORKED_ON:
        image = _reduced(image, path)
        received += f", made smaller by squares to {image.width} x {image.height}"
    steps = [(received, image)]

    def done(words: str, result: Image.Image) -> Image.Image:
        steps.append((words, result))
        return result

    if (upright := _upright(image, path)) is not image:
        image = done("turned upright, as its camera noted", upright)
    if _is_transparent(image):
        image = done("laid on white where it was transparent", _on_white(image))
    if image.mode != "L":
        image = done("made grey", _grey(image, path))
    pixels = np.array(image)
    level = _background(pixels)
    trimmed = _trimmed(pixels, level)
    if not trimmed.size:
        raise NotReady(f"{path}: expected a piece of clothing, received one shade everywhere.")
    dark_clothing = _is_darker(trimmed, level)
    if image.size != (SIDE, SIDE) and trimmed.shape != pixels.shape:
        rows, columns = trimmed.shape
        image = done(f"trimmed to {columns} x {rows} pixels", Image.fromarray(trimmed))
    if max(image.size) != SIDE:
        width, height = (max(1, round(side * SIDE / max(image.size))) for side in image.size)
        scaled = image.resize((width, height), Image.Resampling.HAMMING)
        image = done(f"scaled to {width} x {height} pixels, antialiased", scaled)
    if image.size != (SIDE, SIDE):
        centred = Image.new("L", (SIDE, SIDE), level)
        centred.paste(image, ((SIDE - image.width) // 2, (SIDE - image.height) // 2))
        image = done(f"centred on {SIDE} x {SIDE} pixels", centred)
    if dark_clothing:
        negated = ImageOps.invert(image)
        image = done("negated: the clothing was darker than its background", negated)
        level = 255 - level
    stretched = _stretched(np.array(image), level)
    if stretched is None:
        raise NotReady(f"{path}: expected one piece of clothing, received specks far apart.")
    if (stretched != np.array(image)).any():
        image = done("stretched: background to 0, brightest to 255", Image.fromarray(stretched))
    words, pictures = (tuple(part) for part in zip(*steps, strict=True))
    return Prepared(np.array(image), words, pictures)


def _opened(path: Path) -> Image.Image:
    """Return a picture with its pixels read, if it is one and of bearable size."""
    try:
        if not path.is_file():
            what = "a folder" if path.is_dir() else "nothing"
            raise NotReady(f"{path}: expected a picture, received {what}.")
        with path.open("rb") as file:
            most = MOST_WEBP if file.read(12)[8:] == b"WEBP" else MOST_BYTES
        if (size := path.stat().st_size) > most:
            raise NotReady(
                f"{path}: expected at most {most:,} bytes, received {size:,}. Make it smaller "
                "first."
            )
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Pillow's own limit is another, and only warns
            with Image.open(path, formats=FORMATS) as image:
                if image.width * image.height > MOST_PIXELS:
                    raise NotReady(
                        f"{path}: expected at most {MOST_PIXELS:,} pixels, received "
                        f"{image.width:,} x {image.height:,}. Make it smaller first."
                    )
                _refuse_many_scans(image, path)
                image.load()
                _is_transparent(image)  # which fails where a palette is missing
                return image
    except Image.DecompressionBombError:
        many = f"expected at most {MOST_PIXELS:,} pixels, received many more"
        raise NotReady(f"{path}: {many}. Make it smaller first.") from None
    except UnidentifiedImageError:
        kinds = ", ".join(FORMATS)
        raise NotReady(f"{path}: expected a picture ({kinds}), received something else.") from None
    except NotReady:
        raise
    except Exception as error:  # readers of foreign formats raise whatever they stumble over
        why = " ".join(str(getattr(error, "strerror", None) or error).split())
        raise NotReady(f"{path}: cannot be read: {why}.") from None


def _refuse_many_scans(image: Image.Image, path: Path) -> None:
    if image.format == "TIFF" and "jpeg" in str(image.info.get("compression")):
        raise NotReady(f"{path}: expected no JPEG inside a TIFF. Save it as PNG first.")
    if image.format not in ("JPEG", "MPO"):  # MPO: one with a second picture behind
        return
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
        at = -1
        for _ in range(MOST_SCANS + 1):
            at = content.find(START_OF_SCAN, at + 1)
            if at < 0:
                return
    raise NotReady(
        f"{path}: expected a JPEG of at most {MOST_SCANS} scans, received more. Save it as PNG "
        "first."
    )


def _reduced(image: Image.Image, path: Path) -> Image.Image:
    """Return a photo of about `WORKED_ON` pixels, each the mean of a square.

    Strip by strip: conversions of the whole would need its memory several times.
    """
    squares = math.ceil(math.sqrt(image.width * image.height / WORKED_ON))
    transparent = _is_transparent(image)
    strips = []
    for top in range(0, image.height, STRIP * squares):
        bottom = min(image.height, top + STRIP * squares)
        strip = image.crop((0, top, image.width, bottom))
        if transparent:
            strip = strip.convert("RGBA")
        elif strip.mode != "RGB":
            strip = _grey(strip, path) if strip.mode in GREYS else strip.convert("RGB")
        strips.append(strip.reduce(squares))
    whole = Image.new(strips[0].mode, (strips[0].width, sum(strip.height for strip in strips)))
    top = 0
    for strip in strips:
        whole.paste(strip, (0, top))
        top += strip.height  # of rows that are done
    whole.getexif()[ORIENTATION] = _orientation(image, path)
    return whole


def _described(image: Image.Image) -> str:
    kind = KINDS.get(image.mode, f"mode {image.mode}")
    if _is_transparent(image) and "transparency" not in kind:
        kind += " with transparency"
    return f"{image.width} x {image.height} pixels, {kind}"


def _is_transparent(image: Image.Image) -> bool:
    return image.has_transparency_data


def _orientation(image: Image.Image, path: Path) -> int:
    try:
        return image.getexif().get(ORIENTATION, 1)
    except Exception as error:  # as in _opened
        raise NotReady(f"{path}: the camera's notes cannot be read: {error}.") from None


def _upright(image: Image.Image, path: Path) -> Image.Image:
    try:
        turned = _orientation(image, path) != 1
        return ImageOps.exif_transpose(image) if turned else image
    except NotReady:
        raise
    except Exception as error:  # as in _opened
        raise NotReady(f"{path}: the camera's notes cannot be read: {error}.") from None


def _on_white(image: Image.Image) -> Image.Image:
    image = image.convert("RGBA")
    white = Image.new("RGBA", image.size, "white")
    return Image.alpha_composite(white, image).convert("RGB")


def _grey(image: Image.Image, path: Path) -> Image.Image:
    """Return the luma of ITU-R BT.601, 8 bits; of 16 bits the upper eight."""
    if image.mode.startswith("I;16"):
        return Image.fromarray((np.array(image) >> 8).astype(np.uint8))
    if image.mode in ("I", "F"):  # whose range is anybody's guess
        wanted = "expected grey or colour of 8 bits, or grey of 16; received"
        raise NotReady(f"{path}: {wanted} {_described(image)}. Save it as PNG first.")
    return image.convert("RGB").convert("L")


def _background(pixels: np.ndarray) -> int:
    """Return the grey level of the background: the median of four corners, 5 % of a side each."""
    side = max(1, min(pixels.shape) // 20)
    ends = np.r_[0:side, -side:0]
    return round(float(np.median(pixels[np.ix_(ends, ends)])))


def _stands_out(pixels: np.ndarray, level: int) -> np.ndarray:
    return np.abs(pixels.astype(int) - level) > SAME


def _trimmed(pixels: np.ndarray, level: int) -> np.ndarray:
    """Return the smallest part that has every pixel other than the background; empty if none."""
    other = _stands_out(pixels, level)
    rows, columns = np.flatnonzero(other.any(axis=1)), np.flatnonzero(other.any(axis=0))
    if not rows.size:
        return pixels[:0]
    return pixels[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]


def _is_darker(pixels: np.ndarray, level: int) -> bool:
    return float(pixels[_stands_out(pixels, level)].mean()) < level


def _stretched(pixels: np.ndarray, level: int) -> np.ndarray | None:
    """Return levels from `level` and below at 0 to the brightest at 255; None if all are alike."""
    above = np.clip(pixels.astype(int) - level, 0, None)
    top = float(above.max())
    return np.round(above * 255 / top).astype(np.uint8) if top > SAME else None
