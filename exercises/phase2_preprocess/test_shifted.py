"""Public checks of shifted."""

import random

import pytest

from fmnist.exercises.expect import expect

SIZE = (
    "A network takes images of one size, so the frame stays: as many rows and columns as before, "
    "and every pixel an int."
)
MOVED = (
    "Row 0 is at the top: moving down means to larger row numbers, moving right to larger column "
    "numbers."
)
LOST = (
    "What leaves the frame is gone. If it came in again on the other side, a toe would float "
    "behind the heel, which no camera ever saw."
)
BACKGROUND = (
    "What becomes free must look like the rest of the background, whatever its grey value: a black "
    "stripe on white paper is an edge that was never there."
)
STAYS = (
    "A shift by 0 changes nothing. If all rows come out alike, they are not copies but one row "
    "with several names, and each pixel is written into all of them."
)


def test_no_shift(answer):
    """By 0 rows and 0 columns, the image stays as it is."""
    image = [[7, 0, 255], [9, 9, 1], [0, 4, 30], [2, 3, 5]]
    claim = expect(answer, image, 0, 0).is_table(4, 3, of=int, idea=SIZE)
    claim.equals(image, idea=STAYS)


@pytest.mark.parametrize(
    ("down", "right", "expected"),
    [
        pytest.param(1, 0, [[0, 0, 0], [1, 2, 3]], id="down"),
        pytest.param(-1, 0, [[4, 5, 6], [0, 0, 0]], id="up"),
        pytest.param(0, 2, [[0, 0, 1], [0, 0, 4]], id="right"),
        pytest.param(0, -1, [[2, 3, 0], [5, 6, 0]], id="left"),
        pytest.param(1, 1, [[0, 0, 0], [0, 1, 2]], id="down and right"),
    ],
)
def test_worked_by_hand(answer, down, right, expected):
    """Six pixels, shifted in each direction, come out as on paper."""
    claim = expect(answer, [[1, 2, 3], [4, 5, 6]], down, right).is_table(2, 3, of=int, idea=SIZE)
    pixels = [pixel for row in claim.value for pixel in row]
    free = sum(row.count(0) for row in expected)
    claim.holds(pixels.count(0) == free, f"{free} pixels of background", LOST)
    claim.equals(expected, idea=MOVED)


@pytest.mark.parametrize(("down", "right"), [(2, 0), (0, -3), (-5, 1), (100, 100)])
def test_out_of_the_frame(answer, down, right):
    """A shift by the whole frame or more leaves nothing but background."""
    claim = expect(answer, [[1, 2, 3], [4, 5, 6]], down, right).is_table(2, 3, of=int, idea=SIZE)
    claim.equals([[0, 0, 0], [0, 0, 0]], idea=LOST)


def test_white_paper(answer):
    """On white paper, what becomes free is white."""
    claim = expect(answer, [[10, 20], [30, 255]], 1, -1, background=255)
    claim.is_table(2, 2, of=int, idea=SIZE).equals([[255, 255], [20, 255]], idea=BACKGROUND)


def test_there_and_back(answer):
    """After a shift and the opposite one, what never left the frame is where it was."""
    draw = random.Random(7)
    image = [[draw.randint(1, 254) for _ in range(6)] for _ in range(5)]
    there = expect(answer, image, 2, -1, background=255).is_table(5, 6, of=int, idea=SIZE)
    back = expect(answer, there.value, -2, 1, background=255).is_table(5, 6, of=int, idea=SIZE)
    expected = [
        [255 if row >= 3 or column < 1 else image[row][column] for column in range(6)]
        for row in range(5)
    ]
    back.equals(expected, idea=LOST)
