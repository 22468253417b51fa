"""A user's pictures: refused in one line, or made fit step by step."""

import io
import os
import struct
import subprocess
import sys
import zlib
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageDraw, ImageFilter

from fmnist.data import photos, splits


def shirt(*, paper: int = 253, cloth: int = 60, size: tuple[int, int] = (762, 1000)) -> Image.Image:
    """A drawn T-shirt on paper, like a shop's photo."""
    image = Image.new("L", size, paper)
    width, height = size
    outline = [(0.3, 0.1), (0.7, 0.1), (0.95, 0.3), (0.85, 0.4), (0.72, 0.32), (0.72, 0.9)]
    outline += [(0.28, 0.9), (0.28, 0.32), (0.15, 0.4), (0.05, 0.3)]
    points = [(x * width, y * height) for x, y in outline]
    ImageDraw.Draw(image).polygon(points, fill=cloth)
    return image.filter(ImageFilter.GaussianBlur(2))


@pytest.fixture(name="saved")
def _saved(tmp_path):
    """Save a picture and return its path."""

    def save(image: Image.Image, name: str = "photo.png", **options) -> "os.PathLike":
        image.save(tmp_path / name, **options)
        return tmp_path / name

    return save


def test_a_picture_like_those_of_the_data_set_is_read_as_it_is(saved):
    """Every pixel comes back."""
    pixels = np.zeros((28, 28), np.uint8)
    pixels[5:20, 8:21] = np.arange(195).reshape(15, 13)
    read = photos.read(saved(Image.fromarray(pixels)))
    assert read.dtype == np.uint8
    assert (read == pixels).all()


def test_no_training_image_would_be_refused_and_every_negative_would():
    """The rule for a dark background holds for all images of the data set."""
    train, _ = splits.train_and_validation()
    corners = train.images[:, [0, 0, -1, -1], [0, -1, 0, -1]]
    levels = np.round(np.median(corners, axis=1))
    assert [photos._background(image) for image in train.images[:300]] == levels[:300].tolist()
    assert levels.max() <= photos.HALF < 255 - levels.max()


@pytest.mark.parametrize(
    ("image", "received"),
    [
        pytest.param(Image.new("RGB", (28, 28)), "28 x 28 pixels, colour", id="colour"),
        pytest.param(
            Image.new("P", (28, 28)), "28 x 28 pixels, colours of a palette", id="palette"
        ),
        pytest.param(Image.new("L", (29, 28)), "29 x 28 pixels, grey, 8 bits", id="size"),
        pytest.param(
            Image.new("LA", (28, 28)), "28 x 28 pixels, grey with transparency", id="transparent"
        ),
        pytest.param(Image.new("1", (28, 28)), "28 x 28 pixels, black and white", id="one bit"),
        pytest.param(Image.new("I;16", (28, 28)), "28 x 28 pixels, grey, 16 bits", id="16 bits"),
        pytest.param(Image.new("L", (28, 28), 255), r"a light one \(its corners: 255", id="light"),
    ],
)
def test_another_kind_of_picture_is_refused_with_what_would_help(saved, image, received):
    """One line: expected, received, and the option."""
    path = saved(image)
    with pytest.raises(photos.NotReady, match=rf"received {received}.*--prepare") as caught:
        photos.read(path)
    assert str(caught.value).startswith(f"{path}: expected 28 x 28 pixels, grey, 8 bits, on a dark")
    assert "\n" not in str(caught.value)


def chunk(kind: bytes, content: bytes) -> bytes:
    """One chunk of a PNG file."""
    check = struct.pack(">I", zlib.crc32(kind + content))
    return struct.pack(">I", len(content)) + kind + content + check


def bomb(width: int, height: int) -> bytes:
    """A PNG file of some bytes that asks for a large memory."""
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    packed = zlib.compress(bytes(1000))
    start = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head)
    return start + chunk(b"IDAT", packed) + chunk(b"IEND", b"")


# A picture for Pillow, which would have another program run it.
PROGRAM = b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 28 28\n%%EndComments\nshowpage\n"


def truncated() -> bytes:
    """The first half of a PNG file."""
    buffer = io.BytesIO()
    noise = np.random.default_rng(0).integers(0, 256, (28, 28), dtype=np.uint8)
    Image.fromarray(noise).save(buffer, "PNG")
    return buffer.getvalue()[:400]


@pytest.mark.parametrize("use", [photos.read, photos.prepare])
@pytest.mark.parametrize(
    ("content", "message"),
    [
        pytest.param(b"no picture", r"expected a picture \(PNG, .*something else", id="text"),
        pytest.param(b"", "received something else", id="empty"),
        pytest.param(PROGRAM, "received something else", id="a program"),
        pytest.param(truncated(), "cannot be read", id="truncated"),
        pytest.param(bomb(9000, 9000), "at most 16,000,000 pixels, .*9,000 x 9,000", id="large"),
        pytest.param(bomb(60000, 60000), "received many more", id="bomb"),
        pytest.param(b"RIFF....WEBP" + bytes(8_000_000), "at most 8,000,000 bytes", id="long"),
    ],
)
def test_what_cannot_be_read_is_refused_in_one_line(tmp_path, use, content, message):
    """Damaged, foreign and enormous files are named; no traceback, no memory taken."""
    path = tmp_path / "photo.png"
    path.write_bytes(content)
    with pytest.raises(photos.NotReady, match=message) as caught:
        use(path)
    assert str(caught.value).startswith(f"{path}: ")
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("use", [photos.read, photos.prepare])
def test_what_is_not_a_file_is_refused(tmp_path, use):
    """A folder, nothing, and a pipe that would never end."""
    with pytest.raises(photos.NotReady, match="expected a picture, received a folder"):
        use(tmp_path)
    with pytest.raises(photos.NotReady, match="received nothing"):
        use(tmp_path / "nowhere.png")
    if hasattr(os, "mkfifo"):
        os.mkfifo(tmp_path / "pipe.png")
        with pytest.raises(photos.NotReady, match="received nothing"):
            use(tmp_path / "pipe.png")


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=200), st.sampled_from([b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"GIF89a"]))
def test_no_bytes_raise_anything_else(tmp_path_factory, content, start):
    """Whatever a file contains, it is read or refused."""
    path = tmp_path_factory.mktemp("fuzz") / "photo"
    path.write_bytes(start + content)
    with pytest.raises(photos.NotReady):
        photos.prepare(path)


def test_a_photo_becomes_a_picture_of_the_data_set(saved):
    """A drawn shirt: each step is told and shown, and the result can be read back."""
    prepared = photos.prepare(saved(shirt().convert("RGB")))
    assert [step.split(":")[0] for step in prepared.steps] == [
        "read",
        "made grey",
        "trimmed to 690 x 807 pixels",
        "scaled to 24 x 28 pixels, antialiased",
        "centred on 28 x 28 pixels",
        "negated",
        "stretched",
    ]
    assert prepared.steps[0] == "read: 762 x 1000 pixels, colour"
    assert len(prepared.pictures) == len(prepared.steps)
    assert (np.array(prepared.pictures[-1]) == prepared.image).all()
    assert prepared.image.dtype == np.uint8
    assert prepared.image.min() == 0
    assert prepared.image.max() == 255
    rows, columns = prepared.image.any(axis=1), prepared.image.any(axis=0)
    assert rows.all()
    assert (np.flatnonzero(columns)[[0, -1]] == [2, 25]).all()
    # Sleeves, body and background, where the drawing has them.
    assert prepared.image[8, 4] > 200
    assert prepared.image[15, 14] > 200
    assert prepared.image[20, 4] == 0
    again = saved(Image.fromarray(prepared.image), "again.png")
    assert (photos.read(again) == prepared.image).all()
    assert (photos.prepare(again).image == prepared.image).all()


def test_the_noise_of_a_camera_and_of_jpeg_does_little(saved):
    """Grey paper with noise, in colour and compressed, gives nearly the clean drawing's picture."""
    clean = photos.prepare(saved(shirt(paper=225))).image
    noise = np.random.default_rng(0).normal(0, 2.5, (1000, 762, 3))
    noisy = np.clip(np.array(shirt(paper=225))[..., None] + noise, 0, 255).astype(np.uint8)
    taken = photos.prepare(saved(Image.fromarray(noisy), "camera.jpg", quality=85)).image
    assert np.abs(taken.astype(int) - clean).mean() < 4


def test_images_of_the_data_set_and_their_negatives_come_back_as_they_are(saved):
    """Prepared, a published image changes by one level, where its brightest pixel was 254."""
    train, _ = splits.train_and_validation()
    for image in train.images[:50]:
        for pixels in (image, 255 - image):
            prepared = photos.prepare(saved(Image.fromarray(pixels))).image
            assert np.abs(prepared.astype(int) - image).max() <= 255 - image.max() <= 1


@pytest.mark.parametrize(
    ("paper", "cloth"),
    [
        pytest.param(255, 20, id="black on white"),
        pytest.param(140, 240, id="white on grey"),
        pytest.param(110, 20, id="black on grey"),
        pytest.param(0, 200, id="white on black"),
    ],
)
def test_clothing_comes_out_bright_on_dark(saved, paper, cloth):
    """Whatever is brighter, cloth or paper, the background is 0."""
    image = photos.prepare(saved(shirt(paper=paper, cloth=cloth))).image
    assert image[14, 14] == 255
    assert image[20, 3] == 0


@settings(max_examples=25, deadline=None)
@given(
    side=st.tuples(st.integers(30, 120), st.integers(30, 120)),
    paper=st.integers(0, 255),
    cloth=st.integers(0, 255),
    margins=st.tuples(*[st.integers(0, 40)] * 4),
)
def test_paper_around_and_the_negative_change_nothing(
    tmp_path_factory, side, paper, cloth, margins
):
    """More paper on any side gives the same picture; so does the photo's negative, but for 1."""
    folder = tmp_path_factory.mktemp("photos")
    image = np.array(shirt(paper=paper, cloth=cloth, size=side))
    around = np.pad(image, ((margins[0], margins[1]), margins[2:]), constant_values=paper)
    results = []
    for number, pixels in enumerate((image, around, 255 - image)):
        Image.fromarray(pixels).save(folder / f"{number}.png")
        try:
            results.append(photos.prepare(folder / f"{number}.png").image)
        except photos.NotReady:
            assert abs(cloth - paper) < 2 * photos.SAME  # blurred edges are fainter still
            results.append(None)
    plain, padded, negative = results
    assert (plain is None) == (padded is None) == (negative is None)
    if plain is not None:
        assert plain.shape == (28, 28)
        assert plain.max() == 255
        assert (plain == padded).all()
        # One level of rounding, stretched with the contrast.
        assert np.abs(plain.astype(int) - negative).max() <= 30


@pytest.mark.parametrize("orientation", range(2, 9))
def test_a_photo_taken_sideways_is_turned_upright(saved, orientation):
    """The camera's note decides, for all its values."""
    upright = photos.prepare(saved(shirt())).image
    back = {
        2: Image.Transpose.FLIP_LEFT_RIGHT,
        3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_90,
        7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_270,
    }
    exif = Image.Exif()
    exif[photos.ORIENTATION] = orientation
    path = saved(shirt().transpose(back[orientation]), "turned.png", exif=exif)
    prepared = photos.prepare(path)
    assert "turned upright, as its camera noted" in prepared.steps
    assert (prepared.image == upright).all()


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda image: image.convert("RGB"), id="colour"),
        pytest.param(lambda image: image.convert("CMYK"), id="four inks"),
        pytest.param(lambda image: image.convert("P"), id="palette"),
        pytest.param(
            lambda image: Image.fromarray(np.array(image).astype(np.uint16) << 8), id="16 bits"
        ),
    ],
)
def test_the_kind_of_file_changes_nothing(saved, change):
    """Colour, palette and 16 bits give the same picture, but for rounding."""
    wanted = photos.prepare(saved(shirt())).image.astype(int)
    received = photos.prepare(saved(change(shirt()), "other.tiff")).image
    assert np.abs(received - wanted).max() <= 3


def test_what_is_transparent_becomes_white(saved):
    """A cut-out on nothing is the same as on white paper."""
    cloth = shirt(paper=255, cloth=60)
    cut_out = Image.new("RGBA", cloth.size, (60, 60, 60, 0))
    cut_out.putalpha(cloth.point(lambda level: round((255 - level) * 255 / 195)))
    prepared = photos.prepare(saved(cut_out))
    assert "laid on white where it was transparent" in prepared.steps
    wanted = photos.prepare(saved(cloth, "paper.png")).image
    assert np.abs(prepared.image.astype(int) - wanted).max() <= 3


@pytest.mark.parametrize(
    ("image", "message"),
    [
        pytest.param(Image.new("L", (90, 60), 77), "one shade everywhere", id="empty"),
        pytest.param(Image.new("F", (90, 60)), r"of 16; received .* mode F.*as PNG", id="floats"),
    ],
)
def test_a_photo_from_which_nothing_can_be_made_is_refused(saved, image, message):
    """The line says what is wrong with it."""
    with pytest.raises(photos.NotReady, match=message):
        photos.prepare(saved(image, "photo.tiff"))


def test_specks_far_apart_are_no_clothing(saved):
    """What vanishes when it is scaled is not blown up to something."""
    image = Image.new("L", (3000, 3000), 255)
    image.putpixel((500, 500), 0)
    image.putpixel((2500, 2500), 0)
    with pytest.raises(photos.NotReady, match="specks far apart"):
        photos.prepare(saved(image))


def test_notes_of_a_camera_that_cannot_be_read_are_told(saved, monkeypatch):
    """The line names the file."""

    def broken(_):
        raise SyntaxError("not a TIFF file")

    monkeypatch.setattr(photos.ImageOps, "exif_transpose", broken)
    exif = Image.Exif()
    exif[photos.ORIENTATION] = 6
    with pytest.raises(photos.NotReady, match="notes cannot be read: not a TIFF file"):
        photos.prepare(saved(shirt(), exif=exif))


PEAK = """
import re, sys
from pathlib import Path
from fmnist.data import photos
print(photos.prepare(Path(sys.argv[1])).steps[0])
print(int(re.search(r"VmHWM:\\s+(\\d+)", Path("/proc/self/status").read_text())[1]) // 2**10)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="memory is counted in KiB on Linux alone")
@pytest.mark.parametrize(
    ("mode", "name"),
    [
        pytest.param("RGBA", "photo.webp", id="WebP"),
        pytest.param("RGBA", "photo.png", id="transparent"),
        pytest.param("LA", "photo.png", id="grey and transparent"),
        pytest.param("RGB", "photo.jpg", id="progressive JPEG"),
        pytest.param("P", "photo.gif", id="palette"),
        pytest.param("I;16", "photo.png", id="16 bits"),
        pytest.param("1", "photo.tif", id="one bit"),
    ],
)
def test_the_largest_photo_is_prepared_in_little_memory(saved, mode, name):
    """A file of some kB, as many pixels as may be, turned by its camera: less than 300 MiB."""
    image = Image.new(mode, (4000, 4000), 0 if mode in ("1", "P", "I;16") else None)
    if mode == "P":
        image.putpalette([level for level in range(256) for _ in range(3)])
    cloth = {"RGBA": (60, 60, 60, 255), "LA": (60, 255), "RGB": (255,) * 3, "I;16": 65535, "P": 255}
    ImageDraw.Draw(image).rectangle((900, 500, 2900, 3700), fill=cloth.get(mode, 1))
    notes = Image.Exif()
    notes[photos.ORIENTATION] = 6
    options = {} if mode in ("P", "1") else {"exif": notes}
    path = saved(image, name, **options, **({"progressive": True} if "jpg" in name else {}))
    program = [sys.executable, "-c", PEAK, path]
    told, peak = subprocess.run(
        program, capture_output=True, text=True, check=True
    ).stdout.splitlines()
    assert "made smaller by squares to 1000 x 1000" in told
    assert int(peak) < 300


def test_a_palette_that_is_missing_is_told(tmp_path):
    """Pillow stumbles over it only when it is asked for transparency."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        end = struct.pack(">I", zlib.crc32(kind + content))
        return struct.pack(">I", len(content)) + kind + content + end

    header = struct.pack(">IIBBBBB", 28, 28, 8, 3, 0, 0, 0)
    pixels = zlib.compress(b"".join(b"\0" + bytes(28) for _ in range(28)))
    parts = (chunk(b"IHDR", header), chunk(b"IDAT", pixels), chunk(b"IEND", b""))
    path = tmp_path / "a.png"
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + b"".join(parts))
    for use in (photos.read, photos.prepare):
        with pytest.raises(photos.NotReady):
            use(path)


def _with_scans(path: Path, times: int) -> Path:
    """Write the last scan of a progressive JPEG again and again."""
    content = path.read_bytes()
    last = content.rindex(photos.START_OF_SCAN)
    end = content.rindex(b"\xff\xd9")
    path.write_bytes(content[:end] + content[last:end] * times + content[end:])
    return path


def test_a_jpeg_of_a_few_scans_is_read_and_one_of_many_is_not(saved):
    """Each goes over all pixels: of a small file it could take hours."""
    path = saved(shirt(), "photo.jpg", progressive=True)
    photos.prepare(_with_scans(path, 20))
    with pytest.raises(photos.NotReady, match="at most 100 scans, received more"):
        photos.prepare(_with_scans(path, 100))


def test_a_jpeg_inside_a_tiff_is_refused(saved):
    """Its scans cannot be counted."""
    with pytest.raises(photos.NotReady, match="no JPEG inside a TIFF"):
        photos.prepare(saved(shirt(), "photo.tiff", compression="jpeg"))


def test_a_large_photo_comes_to_nearly_the_same_picture(saved):
    """Made smaller first, a photo is worth what it was."""
    large = shirt(size=(2286, 3000))
    small = large.resize((762, 1000), Image.Resampling.BOX)
    one, other = (photos.prepare(saved(image)).image for image in (large, small))
    assert np.abs(one.astype(int) - other).max() <= 40
    assert np.abs(one.astype(int) - other).mean() < 2
