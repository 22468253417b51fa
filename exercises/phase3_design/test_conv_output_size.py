"""Public checks of conv_output_size."""

import random

import pytest

from fmnist.exercises.expect import expect, expect_error

PLACES = "The map has one value for each place of the kernel, and places are counted: an int."
VALID = (
    "The first place takes the whole kernel, and each further place one step more. A step that "
    "would leave the image is not taken, and what is left over is never seen. There is one place "
    "more than there are steps."
)
SAME = (
    "With a stride of 1 there are as many places as pixels, whatever the kernel. With a larger "
    "stride there is one for the first pixel and then one for every stride-th."
)


@pytest.mark.parametrize(
    ("side", "kernel", "stride", "expected"),
    [
        pytest.param(28, 3, 1, 26, id="28 pixels, kernel 3"),
        pytest.param(28, 4, 2, 13, id="28 pixels, kernel 4, stride 2"),
        pytest.param(7, 2, 2, 3, id="7 pixels, kernel 2, stride 2"),
        pytest.param(5, 5, 1, 1, id="kernel as large as the image"),
    ],
)
def test_without_padding(answer, side, kernel, stride, expected):
    """With padding "valid" the kernel lies wholly within the image."""
    claim = expect(answer, side, kernel, stride=stride, padding="valid").is_int(idea=PLACES)
    claim.equals(expected, idea=VALID)


@pytest.mark.parametrize(
    ("side", "kernel", "stride", "expected"),
    [
        pytest.param(28, 3, 1, 28, id="28 pixels, kernel 3"),
        pytest.param(14, 3, 2, 7, id="14 pixels, kernel 3, stride 2"),
        pytest.param(7, 3, 2, 4, id="7 pixels, kernel 3, stride 2"),
        pytest.param(28, 4, 2, 14, id="28 pixels, kernel 4, stride 2"),
        pytest.param(3, 5, 1, 3, id="kernel larger than the image"),
    ],
)
def test_with_padding(answer, side, kernel, stride, expected):
    """With padding "same" the stride alone decides by how much the map is smaller."""
    claim = expect(answer, side, kernel, stride=stride, padding="same").is_int(idea=PLACES)
    claim.equals(expected, idea=SAME)


def test_stride_1_without_padding_by_default(answer):
    """Whoever gives neither stride nor padding gets what Keras does: stride 1, no frame."""
    expect(answer, 14, 3).is_int(idea=PLACES).equals(12, idea=VALID)


def test_every_place_is_counted(answer):
    """Whatever side, kernel and stride, the places can be walked through one by one."""
    draw = random.Random(31)
    for _ in range(20):
        kernel, stride = draw.randint(1, 7), draw.randint(1, 4)
        side = kernel + draw.randrange(24)
        left, places = 0, 0
        while left + kernel <= side:  # the kernel still lies within the image
            left, places = left + stride, places + 1
        claim = expect(answer, side, kernel, stride=stride).is_int(idea=PLACES)
        claim.equals(places, idea=VALID)


def test_a_kernel_that_does_not_fit_is_refused(answer):
    """A kernel larger than the image has no place without padding, and the caller is told."""
    idea = (
        "A map without values is no map: all that follows would fail, with a message about "
        "something else. Say it here, as Keras does."
    )
    expect_error(answer, 3, 5, error=ValueError, idea=idea)
    expect_error(answer, 1, 2, stride=2, padding="valid", error=ValueError, idea=idea)
