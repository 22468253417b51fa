"""Public checks of occlusion_map."""

import math

import numpy as np
import pytest

from fmnist.exercises.expect import expect

SHAPE = (
    "The square must lie inside the image, so it has rows - size + 1 places from top to bottom, "
    "and one number for each place."
)
DROP = "The map holds what is lost: the probability for the whole image minus that for the rest."
AFRESH = (
    "Each place asks what this square alone is worth. Begin each time with the whole image, so "
    "that no square before it is still covered."
)
SIGN = (
    "Covering a square that speaks against the class makes the class more probable, and the map "
    "must say so with a number below 0."
)
BACKGROUND = (
    "After standardising, black is not 0 but some number below it; 0 is a middle grey, which the "
    "network may take for cloth. Cover with the background that is given."
)
ASKED = (
    "The map is for the class that was asked for. Why the network does not say Coat is a question "
    "too, and its map is another one."
)


def oracle(image, weights, biases, label, size, background):
    """Return the map, one pixel and one class at a time."""
    rows, columns, classes = weights.shape

    def stated(top, left):
        logits = [float(bias) for bias in biases]
        for row in range(rows):
            for column in range(columns):
                inside = top <= row < top + size and left <= column < left + size
                pixel = background if inside else float(image[row, column])
                for k in range(classes):
                    logits[k] += pixel * float(weights[row, column, k])
        powers = [math.exp(logit - max(logits)) for logit in logits]
        return powers[label] / sum(powers)

    whole = stated(rows, columns)  # a square outside of the image covers nothing
    return [
        [whole - stated(top, left) for left in range(columns - size + 1)]
        for top in range(rows - size + 1)
    ]


def case(seed, rows, columns, classes):
    """Return a standardised image and a classifier."""
    draw = np.random.default_rng(seed)
    image = draw.normal(size=(rows, columns)).astype(np.float32)
    weights = draw.normal(scale=0.3, size=(rows, columns, classes))
    return image, weights, draw.normal(scale=0.3, size=classes)


def test_one_number_for_each_place(answer):
    """An image of 6 by 5 pixels has 4 by 3 places for a square of 3 by 3."""
    claim = expect(answer, *case(1, 6, 5, 4), label=2)
    claim.is_array(4, 3, dtype="float64", idea=SHAPE).lies_in(-1, 1, idea=DROP)


def test_worked_by_hand(answer):
    """A pixel that makes a class three times as probable is worth 3/4 minus 1/2."""
    weights = np.zeros((1, 3, 2))
    weights[0, 1, 1] = math.log(3)
    image = np.ones((1, 3), dtype=np.float32)
    claim = expect(answer, image, weights, np.zeros(2), label=1, size=1)
    claim.is_array(1, 3, dtype="float64", idea=SHAPE).lies_in(-1, 1, idea=DROP)
    claim.is_close([[0.0, 0.25, 0.0]], tolerance=1e-9, idea=f"{AFRESH} {DROP}")


def test_what_speaks_against_the_class_is_negative(answer):
    """Covering a pixel that makes the other class three times as probable is a gain."""
    weights = np.zeros((2, 1, 2))
    weights[0, 0, 0] = math.log(3)
    image, biases = np.ones((2, 1), dtype=np.float32), np.array([0.0, math.log(6)])
    claim = expect(answer, image, weights, biases, label=1, size=1)
    claim.is_array(2, 1, dtype="float64", idea=SHAPE).lies_in(-1, 1, idea=DROP)
    claim.is_close([[6 / 9 - 6 / 7], [0.0]], tolerance=1e-9, idea=SIGN)


def test_covering_black_with_black_changes_nothing(answer):
    """On an image that is black already, no square is worth anything."""
    _, weights, biases = case(2, 5, 5, 3)
    black = np.full((5, 5), -0.75, dtype=np.float32)
    claim = expect(answer, black, weights, biases, label=0, size=2, background=-0.75)
    claim.is_array(4, 4, dtype="float64", idea=SHAPE).lies_in(-1, 1, idea=DROP)
    claim.is_close(np.zeros((4, 4)).tolist(), tolerance=1e-12, idea=BACKGROUND)


@pytest.mark.parametrize("label", range(3))
def test_the_map_is_for_the_class_asked_for(answer, label):
    """For each class, whether predicted or not, the map is that of a slow calculation."""
    image, weights, biases = case(3, 5, 6, 3)
    expected = oracle(image, weights, biases, label, 2, -0.5)
    claim = expect(answer, image, weights, biases, label, size=2, background=-0.5)
    claim.is_array(4, 5, dtype="float64", idea=SHAPE).lies_in(-1, 1, idea=DROP)
    claim.is_close(expected, tolerance=1e-9, idea=ASKED)
