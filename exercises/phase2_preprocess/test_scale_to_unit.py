"""Public checks of scale_to_unit."""

import random

from fmnist.exercises.expect import expect

FLOATS = (
    "Between 0 and 1 there are hardly any whole numbers, so each pixel becomes a float; images, "
    "rows and columns stay as they are."
)
UNIT = "Every pixel lies between black and white, so its share of white lies between 0 and 1."
ENDS = (
    "The scale has 255 steps, from 0 to 255, although it has 256 grey values: white must become "
    "exactly 1."
)
FIXED = (
    "The scale is fixed by what a pixel can be, not by what these pixels are: the same grey must "
    "become the same number in every set of images, or a dark shirt looks like a light one."
)
WHITE = "White is 255 only with 8 bits: the scale ends where `white` says."


def test_worked_by_hand(answer):
    """Black becomes 0.0, white 1.0, and 51 a fifth."""
    claim = expect(answer, [[[0, 51], [102, 255]]])
    claim.is_table(1, 2, 2, of=float, idea=FLOATS).lies_in(0, 1, idea=UNIT)
    claim.is_close([[[0.0, 0.2], [0.4, 1.0]]], tolerance=1e-12, idea=ENDS)


def test_dark_images_stay_dark(answer):
    """Images without black and white are scaled like all others."""
    claim = expect(answer, [[[51, 102, 102]], [[51, 51, 102]]])
    claim.is_table(2, 1, 3, of=float, idea=FLOATS).lies_in(0, 1, idea=UNIT)
    claim.is_close([[[0.2, 0.4, 0.4]], [[0.2, 0.2, 0.4]]], tolerance=1e-12, idea=FIXED)


def test_black_images(answer):
    """An image that is black all over is scaled too."""
    claim = expect(answer, [[[0, 0], [0, 0]]]).is_table(1, 2, 2, of=float, idea=FLOATS)
    claim.is_close([[[0.0, 0.0], [0.0, 0.0]]], tolerance=0.0, idea=FIXED)


def test_sixteen_bits(answer):
    """Photos with 16 bits end at 65,535."""
    claim = expect(answer, [[[0, 13107], [65535, 255]]], white=65535)
    claim.is_table(1, 2, 2, of=float, idea=FLOATS).lies_in(0, 1, idea=WHITE)
    claim.is_close([[[0.0, 0.2], [1.0, 255 / 65535]]], tolerance=1e-12, idea=WHITE)


def test_sizes_stay(answer):
    """Four images of 3 by 5 random pixels keep their sizes, and every pixel its place."""
    draw = random.Random(1)
    images = [[[draw.randrange(256) for _ in range(5)] for _ in range(3)] for _ in range(4)]
    claim = expect(answer, images).is_table(4, 3, 5, of=float, idea=FLOATS)
    claim.lies_in(0, 1, idea=UNIT)
    expected = []
    for image in images:
        expected.append([[pixel / 255 for pixel in row] for row in image])
    claim.is_close(expected, tolerance=1e-12, idea=FIXED)
