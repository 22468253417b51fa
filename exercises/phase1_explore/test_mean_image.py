"""Public checks of mean_image."""

import random

import pytest

from fmnist.exercises.expect import expect, expect_error

SHAPE = (
    "The mean of images is an image: rows and columns as in each of them, a float at every place."
)
PLACE = (
    "Each place has a mean of its own, over the images: a pixel of the result comes from pixels "
    "at the same place alone, and its row from no other row."
)
CLASS = (
    "Only images of the wanted class are added up, so their number is what the sums are divided "
    "by. The others have a mean of their own."
)
EQUAL = (
    "In a mean every image counts the same, the first as much as the last, so their order cannot "
    "matter: add up all of them, then divide once."
)
EMPTY = (
    "Nothing has no mean. Say so in words of your own, with a ValueError: a division by zero "
    "further down, or an image of zeros, would not tell anybody which class is missing."
)


def random_images(seed, count, rows, columns):
    """Return images as nested lists of grey values."""
    draw = random.Random(seed)
    return [
        [[draw.randrange(256) for _ in range(columns)] for _ in range(rows)] for _ in range(count)
    ]


@pytest.mark.parametrize(
    ("images", "expected"),
    [
        pytest.param([[[0, 9], [4, 4]], [[5, 2], [4, 0]]], [[2.5, 5.5], [4.0, 2.0]], id="two"),
        pytest.param([[[1, 2, 3], [40, 50, 60]]], [[1.0, 2.0, 3.0], [40.0, 50.0, 60.0]], id="one"),
        pytest.param([[[0, 9]], [[5, 2]]], [[2.5, 5.5]], id="one row"),
        pytest.param([[[255], [0]], [[254], [0]]], [[254.5], [0.0]], id="one column"),
    ],
)
def test_one_class(answer, images, expected):
    """Where all images are of the wanted class, the mean at each place comes out."""
    claim = expect(answer, images, [3] * len(images), 3)
    claim.is_table(len(expected), len(expected[0]), of=float, idea=SHAPE)
    claim.lies_in(0, 255, idea=PLACE).is_close(expected, tolerance=1e-9, idea=PLACE)


def test_order_does_not_matter(answer):
    """The same images in the other order have the same mean."""
    images = random_images(5, 9, 4, 3)
    there = expect(answer, images, [1] * 9, 1).is_table(4, 3, of=float, idea=SHAPE)
    back = expect(answer, images[::-1], [1] * 9, 1).is_table(4, 3, of=float, idea=SHAPE)
    back.lies_in(0, 255, idea=EQUAL).is_close(there.value, tolerance=1e-9, idea=EQUAL)


def test_other_classes_stay_out(answer):
    """Images of other classes do not change the mean, wherever they stand."""
    images = random_images(4, 12, 3, 4)
    labels = [6, 2, 6, 0, 2, 2, 6, 9, 9, 0, 6, 2]
    for label in (6, 2, 0, 9):
        own = [image for image, given in zip(images, labels, strict=True) if given == label]
        expected = [
            [sum(place) / len(own) for place in zip(*rows, strict=True)]
            for rows in zip(*own, strict=True)
        ]
        claim = expect(answer, images, labels, label).is_table(3, 4, of=float, idea=SHAPE)
        # Sums of at most 12 * 255 are exact, or at worst rounded in the 13th digit.
        claim.lies_in(0, 255, idea=CLASS).is_close(expected, tolerance=1e-9, idea=CLASS)


def test_a_class_without_images_has_no_mean(answer):
    """If no image has the label, a ValueError says so."""
    expect_error(answer, random_images(6, 3, 2, 2), [0, 1, 2], 8, error=ValueError, idea=EMPTY)
