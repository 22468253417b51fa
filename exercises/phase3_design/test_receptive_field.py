"""Public checks of receptive_field."""

import random

import pytest

from fmnist.exercises.expect import Claim, expect

PAIR = "Return the first and the last pixel, in this order."
PIXEL = "A pixel has a whole number, its position in the row: an int."
INCLUDED = "Both ends belong to the field: three pixels from 0 are 0, 1 and 2."
GROWS = (
    "The first value under a kernel is seen already, so a kernel of k adds k - 1 neighbours to the "
    "field, not k."
)
DISTANCE = (
    "Behind a stride, neighbours in a map stand several pixels apart, and all strides so far "
    "multiply that distance. A later kernel reaches from neighbour to neighbour, so it reaches "
    "over more pixels than it has weights."
)
OWN = (
    "How far a kernel reaches depends on how far apart the values are that go in. Its own stride "
    "sets how far apart those are that come out, so it counts from the next layer on."
)
PLACE = (
    "One place further in the last map is further in the image by the distance between neighbours, "
    "which is the product of all strides."
)
SMALL_CNN = [(4, 2), (3, 1), (2, 2), (3, 1)]


def ends(answer, *args, **kwargs):
    """Return the answer's tuple as a claim, its type judged."""
    claim = expect(answer, *args, **kwargs).is_tuple(2, idea=PAIR)
    for end in claim.value:
        Claim(end, call=claim.call).is_int(idea=PIXEL)
    return claim


def seen(layers, place):
    """Return first and last pixel, found by handing on sets of pixels from map to map."""
    values = [{pixel} for pixel in range(400)]
    for kernel, stride in layers:
        starts = range(0, len(values) - kernel + 1, stride)
        values = [set().union(*values[start : start + kernel]) for start in starts]
    return min(values[place]), max(values[place])


@pytest.mark.parametrize(
    ("layers", "expected", "idea"),
    [
        pytest.param([], (0, 0), INCLUDED, id="no layer"),
        pytest.param([(3, 1)], (0, 2), INCLUDED, id="one kernel of 3"),
        pytest.param([(3, 1), (3, 1)], (0, 4), GROWS, id="two kernels of 3"),
        pytest.param([(2, 2)], (0, 1), OWN, id="one pooling"),
        pytest.param([(3, 2), (3, 1)], (0, 6), DISTANCE, id="stride before a kernel"),
        pytest.param([(3, 1), (3, 2)], (0, 4), OWN, id="stride in the last layer"),
    ],
)
def test_the_first_value(answer, layers, expected, idea):
    """The value at place 0 sees pixels from 0 on; few layers can be drawn on paper."""
    ends(answer, layers).equals(expected, idea=idea)


def test_three_times_pooling(answer):
    """After three poolings of 2 a value stands for 8 pixels."""
    ends(answer, [(2, 2), (2, 2), (2, 2)]).equals((0, 7), idea=DISTANCE)


def test_small_cnn_without_its_frame(answer):
    """A value of the last map of small_cnn sees 18 pixels, and neighbours are 4 pixels apart."""
    ends(answer, SMALL_CNN).equals((0, 17), idea=DISTANCE)
    ends(answer, SMALL_CNN, place=2).equals((8, 25), idea=PLACE)


def test_pixels_handed_on_from_map_to_map(answer):
    """On random layers, the field is what one finds by writing down the pixels of each value."""
    draw = random.Random(34)
    for _ in range(12):
        layers = [(draw.randint(1, 5), draw.randint(1, 2)) for _ in range(draw.randint(1, 4))]
        place = draw.randrange(8)
        claim = ends(answer, layers, place=place)
        claim.equals(seen(layers, place), idea=f"{DISTANCE} {PLACE}")
