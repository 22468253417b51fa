"""Public checks of suspected_labels."""

import numpy as np
import pytest

from fmnist.exercises.expect import Claim, expect

PAIR = "Return two arrays in this order: positions of suspects, and the labels suggested for them."
ARRAYS = (
    "Both are int64 arrays with one axis and equally long, also if nothing is suspected: an array "
    "made of an empty list holds floats unless you name the dtype."
)
VOTE = (
    "Look at the nearest other images, count how often each label occurs among them, and suspect "
    "where more than half agree on one that is not the image's own."
)
NAMES = (
    "Labels are names that happen to be written as numbers. The mean of 0 (T-shirt) and 6 (shirt) "
    "is no dress, so votes are counted, not averaged."
)
OWN = (
    "An image is always nearest to itself and would always vote for its own label, so it must not "
    "be asked; take it out by its position, since a twin may stand before it."
)
AGREE = (
    "It is not enough that many neighbours have other labels: where more than half do not "
    "agree among themselves, this label is no more suspect than theirs."
)
OVERFLOW = (
    "Differences of uint8 wrap around, and their squares have no room even in int16: then a black "
    "garment has white ones for neighbours. Change to a type with room before you subtract."
)


def judged(answer, images, labels, k, expected, *, idea):
    """Expect these pairs of position and suggested label."""
    claim = expect(answer, images, np.array(labels, dtype=np.uint8), k=k).is_tuple(2, idea=PAIR)
    parts = [
        Claim(value, call=f"{name} of {claim.call}")
        for name, value in zip(("positions", "labels"), claim.value, strict=True)
    ]
    for part in parts:
        good = type(part.value) is np.ndarray
        part.holds(good, "an array", ARRAYS)
        shape, dtype = part.value.shape, part.value.dtype
        part.holds(
            len(shape) == 1 and shape == parts[0].value.shape,
            "arrays with one axis, equally long",
            ARRAYS,
            got=f"an array of shape {shape}",
        )
        part.holds(dtype == np.int64, "an int64 array", ARRAYS, got=f"a {dtype} array")
    positions, suggested = parts
    positions.lies_in(0, len(images) - 1, idea=PAIR)
    suggested.lies_in(0, 9, idea=PAIR)
    positions.equals(np.array([position for position, _ in expected], dtype=np.int64), idea=idea)
    suggested.equals(np.array([label for _, label in expected], dtype=np.int64), idea=idea)


def on_a_line(*greys):
    """Return images of one pixel each."""
    return np.array(greys, dtype=np.uint8).reshape(-1, 1, 1)


@pytest.mark.parametrize(
    ("labels", "expected"),
    [
        pytest.param([6, 6, 5, 6, 7, 7, 7, 7], [(2, 6)], id="worked by hand"),
        pytest.param([6, 6, 6, 6, 7, 7, 7, 7], [], id="nothing to suspect"),
        pytest.param([6, 6, 7, 6, 7, 6, 7, 7], [(2, 6), (5, 7)], id="two labels swapped"),
    ],
)
def test_small_cases(answer, labels, expected):
    """In two groups of four, a label that stands alone in its group is found."""
    images = on_a_line(20, 22, 24, 26, 89, 91, 93, 95)
    judged(answer, images, labels, 3, expected, idea=VOTE)


def test_labels_are_names(answer):
    """Among T-shirts (0) and one ankle boot (9), the boot is suspected and nothing else."""
    judged(answer, on_a_line(20, 21, 22, 23, 24), [0, 9, 0, 0, 0], 3, [(1, 0)], idea=NAMES)


@pytest.mark.parametrize(
    ("greys", "labels", "expected"),
    [
        pytest.param([20, 22, 24, 26], [6, 6, 5, 6], [(2, 6), (3, 5)], id="one neighbour"),
        pytest.param([20, 20, 90, 93], [3, 8, 4, 4], [(0, 8), (1, 3)], id="twins"),
    ],
)
def test_an_image_has_no_vote_on_itself(answer, greys, labels, expected):
    """With one neighbour, an image is suspected if the nearest other image has another label."""
    judged(answer, on_a_line(*greys), labels, 1, expected, idea=OWN)


@pytest.mark.parametrize(
    ("labels", "k"),
    [
        pytest.param([6, 0, 2, 4], 3, id="all different"),
        pytest.param([5, 1, 1, 2, 3], 4, id="half is not more than half"),
    ],
)
def test_neighbours_must_agree(answer, labels, k):
    """Where no label has more than half of the votes, nothing is suspected."""
    judged(answer, on_a_line(*range(30, 30 + len(labels))), labels, k, [], idea=AGREE)


def test_black_is_far_from_white(answer):
    """Pale garments of one class and dark ones of another do not suspect each other."""
    images = on_a_line(0, 3, 6, 250, 252, 254)
    judged(answer, images, [5, 5, 5, 9, 9, 9], 1, [], idea=OVERFLOW)


def test_agrees_with_the_definition(answer):
    """On random images in three clusters, with some labels changed, all suspects are found."""
    draw = np.random.default_rng(9)
    truth = draw.integers(0, 3, 40)
    centres = draw.integers(40, 216, (3, 4, 4))
    images = (centres[truth] + draw.integers(-40, 40, (40, 4, 4))).astype(np.uint8)
    labels = np.where(draw.random(40) < 0.2, draw.integers(0, 10, 40), truth)
    pixels = [image.ravel().tolist() for image in images]
    expected = []
    for i, own in enumerate(pixels):
        others = sorted(
            (sum((a - b) ** 2 for a, b in zip(own, other, strict=True)), j)
            for j, other in enumerate(pixels)
            if j != i
        )
        votes = [int(labels[j]) for _, j in others[:5]]
        expected += [(i, v) for v in set(votes) if votes.count(v) > 2.5 and v != labels[i]]
    judged(answer, images, labels.tolist(), 5, expected, idea=VOTE)
