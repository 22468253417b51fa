"""Public checks of nearest_images."""

import math

import numpy as np
import pytest

from fmnist.exercises.expect import Claim, expect

PAIR = "Return two arrays in this order: positions, and distances."
POSITIONS = "Positions are whole numbers, one for each neighbour that was asked for."
DISTANCES = "Distances are float64, one for each neighbour, in the order of the positions."
EUCLIDEAN = (
    "Scale to [0, 1], square the difference of each pair of pixels, add up, and take the root: the "
    "length of the straight line between two points in a space with an axis for each pixel."
)
OVERFLOW = (
    "Small integer types wrap around without a word: in uint8, 10 - 200 is 66, and the square of "
    "a difference has no room even in int16. Then black comes out close to white. Change to a type "
    "with room before you subtract."
)
OTHERS = (
    "An image is no neighbour of itself. It must be taken out by its position: its distance of 0 "
    "does not put it first if a twin at a lower position has the distance 0 too."
)
TIES = "Of equally near images the lower position comes first, so that the result is repeatable."
ROUNDING = 1e-5  # a root of at most 60 squares, rounded in float32


def positions_and_distances(answer, images, position, count, *, idea=EUCLIDEAN):
    """Return claims about both parts, whose types, shapes and ranges are right."""
    claim = expect(answer, images, position, count=count).is_tuple(2, idea=PAIR)
    found = Claim(claim.value[0], call=f"positions of {claim.call}")
    distances = Claim(claim.value[1], call=f"distances of {claim.call}")
    found.is_array(count, dtype="int64", idea=POSITIONS)
    distances.is_array(count, dtype="float64", idea=DISTANCES)
    found.lies_in(0, len(images) - 1, idea=POSITIONS)
    return found, distances.lies_in(0, math.sqrt(images[0].size) + ROUNDING, idea=idea)


def by_definition(images, position):
    """Return (distance, position) of all others, nearest first, one pixel at a time."""
    pixels = [image.ravel().tolist() for image in images]
    found = []
    for other in range(len(pixels)):
        if other != position:
            pairs = zip(pixels[position], pixels[other], strict=True)
            squared = sum((a - b) ** 2 for a, b in pairs)
            found.append((math.sqrt(squared) / 255, other))
    return sorted(found)


def as_positions(numbers):
    """Return the array that positions come in."""
    return np.array(numbers, dtype=np.int64)


@pytest.mark.parametrize(
    ("position", "count", "expected", "lengths"),
    [
        pytest.param(0, 2, [2, 1], [5 / 255, 13 / 255], id="worked by hand"),
        pytest.param(0, 1, [2], [5 / 255], id="the nearest alone"),
        pytest.param(2, 2, [0, 1], [5 / 255, math.hypot(2, 8) / 255], id="another asks"),
    ],
)
def test_small_cases(answer, position, count, expected, lengths):
    """Distances in right-angled triangles, 3, 4, 5 and 5, 12, 13, come out."""
    images = np.array([[[0, 0]], [[5, 12]], [[3, 4]]], dtype=np.uint8)
    found, distances = positions_and_distances(answer, images, position, count)
    found.equals(as_positions(expected), idea=EUCLIDEAN)
    distances.is_close(lengths, tolerance=ROUNDING, idea=EUCLIDEAN)


def test_black_is_far_from_white(answer):
    """Grey values of 10 and 200 are 190 apart, in whichever order they are subtracted."""
    images = np.array([[[10, 10]], [[200, 200]], [[100, 10]], [[255, 0]]], dtype=np.uint8)
    for position in range(4):
        expected = by_definition(images, position)
        found, distances = positions_and_distances(answer, images, position, 3, idea=OVERFLOW)
        found.equals(as_positions([other for _, other in expected]), idea=OVERFLOW)
        distances.is_close(
            [distance for distance, _ in expected], tolerance=ROUNDING, idea=OVERFLOW
        )


def test_an_image_is_not_its_own_neighbour(answer):
    """Of two twins each has the other as its nearest neighbour, at distance 0."""
    images = np.array([[[7, 7]], [[90, 3]], [[50, 60]], [[90, 3]]], dtype=np.uint8)
    for position, twin in ((1, 3), (3, 1)):
        found, distances = positions_and_distances(answer, images, position, 1)
        found.equals(as_positions([twin]), idea=OTHERS)
        distances.is_close([0.0], tolerance=ROUNDING, idea=OTHERS)


def test_ties_go_to_the_lower_position(answer):
    """Forty images that are equally far away come in the order of their positions."""
    images = np.zeros((41, 5, 8), dtype=np.uint8)
    for n in range(40):
        images[n, n // 8, n % 8] = 30  # one pixel each, always another
    found, distances = positions_and_distances(answer, images, 40, 25)
    found.equals(as_positions(list(range(25))), idea=TIES)
    distances.is_close([30 / 255] * 25, tolerance=ROUNDING, idea=EUCLIDEAN)


@pytest.mark.parametrize("count", [1, 4, 11])
def test_agrees_with_the_definition(answer, count):
    """On random images, neighbours and distances are those computed pixel by pixel."""
    images = np.random.default_rng(8).integers(0, 256, (12, 6, 5), dtype=np.uint8)
    for position in (0, 5, 11):
        expected = by_definition(images, position)[:count]
        found, distances = positions_and_distances(answer, images, position, count)
        found.equals(as_positions([other for _, other in expected]), idea=EUCLIDEAN)
        distances.is_close(
            [distance for distance, _ in expected], tolerance=ROUNDING, idea=EUCLIDEAN
        )
