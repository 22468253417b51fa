"""Hidden checks of convolve."""

import random

import pytest

from fmnist.exercises.expect import expect

SHAPE = "One float for each place of the kernel, down and across."
SUM = "Weight times pixel, added up over each place, and the kernel as it is written."
KERNEL = "The kernel need not be square: its rows and its columns are counted apart."


@pytest.mark.parametrize("seed", [321, 322, 323])
def test_agrees_with_the_reference(answer, reference, seed):
    """On other images, kernels and strides the map is that of the reference."""
    draw = random.Random(seed)
    image = [[draw.random() for _ in range(17)] for _ in range(13)]
    size, stride = draw.randint(2, 5), draw.randint(1, 4)
    kernel = [[draw.gauss(0, 1) for _ in range(size)] for _ in range(size)]
    expected = reference(image, kernel, stride=stride)
    claim = expect(answer, image, kernel, stride=stride)
    claim.is_table(len(expected), len(expected[0]), of=float, idea=SHAPE)
    claim.is_close(expected, tolerance=1e-9, idea=SUM)


@pytest.mark.parametrize("seed", [324, 325])
def test_narrow_kernels(answer, reference, seed):
    """A kernel of one row, of one column, and one as high as the image are kernels too."""
    draw = random.Random(seed)
    image = [[draw.randint(0, 255) for _ in range(11)] for _ in range(6)]
    for rows, columns in ((1, 4), (5, 1), (6, 2)):
        kernel = [[draw.randint(-4, 4) for _ in range(columns)] for _ in range(rows)]
        expected = reference(image, kernel, stride=2)
        claim = expect(answer, image, kernel, stride=2)
        claim.is_table(len(expected), len(expected[0]), of=float, idea=KERNEL)
        claim.is_close(expected, tolerance=1e-9, idea=KERNEL)
