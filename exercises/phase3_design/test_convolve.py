"""Public checks of convolve."""

import random

import pytest

from fmnist.exercises.expect import expect

SHAPE = (
    "One float for each place of the kernel. Without padding there are fewer places than pixels, "
    "and down and across are counted apart, for an image need not be square."
)
SUM = (
    "A value of the map is the sum of weight times pixel over the place, and nothing else: it can "
    "be negative, and it can be larger than any grey value."
)
STEP = (
    "With a stride of s the kernel moves on by s pixels, so neighbours in the map belong to places "
    "that are s pixels apart."
)
NOT_TURNED = (
    "The kernel is laid on as it is written: its first weight on the top left pixel. Turning it by "
    "180 degrees is the convolution of mathematics, and here it swaps left and right, above and "
    "below."
)
# Sums of products of small numbers: a rounding of floats is far below this.
EXACT = 1e-9

SPOT = [[0, 0, 0, 0], [0, 9, 0, 0], [0, 0, 0, 0], [0, 0, 0, 0]]
AROUND = [[0, 1, 0], [1, -4, 1], [0, 1, 0]]  # the same however it is turned


def random_table(draw, rows, columns, low, high):
    """Return nested lists of random ints."""
    return [[draw.randint(low, high) for _ in range(columns)] for _ in range(rows)]


def collected(image, kernel, stride):
    """Return the map, worked out pixel by pixel: each hands its share to every place it is in."""
    rows = len(range(0, len(image) - len(kernel) + 1, stride))
    columns = len(range(0, len(image[0]) - len(kernel[0]) + 1, stride))
    table = [[0.0] * columns for _ in range(rows)]
    for y, line in enumerate(image):
        for x, pixel in enumerate(line):
            for i, weights in enumerate(kernel):
                for j, weight in enumerate(weights):
                    row, off_row = divmod(y - i, stride)
                    column, off_column = divmod(x - j, stride)
                    there = 0 <= row < rows and 0 <= column < columns
                    if there and off_row == off_column == 0:
                        table[row][column] += pixel * weight
    return table


@pytest.mark.parametrize(
    ("image", "kernel", "expected"),
    [
        pytest.param([[1, 2], [3, 4]], [[1, 1], [1, 1]], [[10.0]], id="one place"),
        pytest.param(SPOT, AROUND, [[-36.0, 9.0], [9.0, 0.0]], id="a spot"),
        pytest.param([[5, 6], [7, 8]], [[2]], [[10.0, 12.0], [14.0, 16.0]], id="one weight"),
        pytest.param([[1, 4, 9]], [[-1, 1]], [[3.0, 5.0]], id="one row"),
    ],
)
def test_small_cases(answer, image, kernel, expected):
    """Cases that can be worked on paper come out."""
    claim = expect(answer, image, kernel)
    claim.is_table(len(expected), len(expected[0]), of=float, idea=SHAPE)
    claim.is_close(expected, tolerance=EXACT, idea=SUM)


@pytest.mark.parametrize(
    ("kernel", "expected"),
    [
        pytest.param([[-1, 0, 1]] * 3, [[27.0, 27.0]] * 2, id="right minus left"),
        pytest.param([[1, 0, -1]] * 3, [[-27.0, -27.0]] * 2, id="left minus right"),
        pytest.param([[0, 0, 0], [0, 0, 0], [0, 0, 1]], [[9.0, 9.0]] * 2, id="last weight only"),
    ],
)
def test_the_kernel_is_not_turned(answer, kernel, expected):
    """At the left outline of a garment, dark before bright, right minus left is positive."""
    outline = [[0, 0, 9, 9]] * 4
    claim = expect(answer, outline, kernel).is_table(2, 2, of=float, idea=SHAPE)
    claim.is_close(expected, tolerance=EXACT, idea=NOT_TURNED)


def test_the_stride_moves_the_kernel(answer):
    """With a stride of 2 a kernel of one weight keeps every second pixel."""
    image = [[10 * row + column for column in range(5)] for row in range(5)]
    claim = expect(answer, image, [[1]], stride=2).is_table(3, 3, of=float, idea=SHAPE)
    expected = [[0.0, 2.0, 4.0], [20.0, 22.0, 24.0], [40.0, 42.0, 44.0]]
    claim.is_close(expected, tolerance=EXACT, idea=STEP)


def test_an_image_wider_than_high(answer):
    """The parts of an image, and kernels that are not square, are convolved in the same way."""
    draw = random.Random(32)
    image, kernel = random_table(draw, 4, 9, 0, 255), random_table(draw, 2, 3, -2, 2)
    claim = expect(answer, image, kernel).is_table(3, 7, of=float, idea=SHAPE)
    claim.is_close(collected(image, kernel, 1), tolerance=EXACT, idea=NOT_TURNED)


@pytest.mark.parametrize("stride", [1, 2, 3])
def test_random_images(answer, stride):
    """On random images every value is the sum of what the pixels contribute."""
    draw = random.Random(320 + stride)
    image, kernel = random_table(draw, 10, 12, 0, 255), random_table(draw, 3, 3, -3, 3)
    expected = collected(image, kernel, stride)
    claim = expect(answer, image, kernel, stride=stride)
    claim.is_table(len(expected), len(expected[0]), of=float, idea=SHAPE)
    claim.is_close(expected, tolerance=EXACT, idea=f"{SUM} {STEP}")
