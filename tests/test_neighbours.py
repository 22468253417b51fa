"""Duplicates and neighbours: against all pairs measured one by one."""

import hashlib
import itertools
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.neighbors import NearestNeighbors

from fmnist.analysis import neighbours
from fmnist.data import splits

RNG = np.random.default_rng(0)


def clusters(n: int, seed: int) -> np.ndarray:
    """Return n images, each one of four patterns with some pixels changed; some stay the same."""
    draw = np.random.default_rng(seed)
    patterns = np.random.default_rng(0).integers(0, 256, (4, 28, 28))
    noise = draw.integers(-8, 9, (n, 28, 28)) * draw.integers(0, 3, (n, 1, 1))
    return np.clip(patterns[draw.integers(0, 4, n)] + noise, 0, 255).astype(np.uint8)


def distance(one: np.ndarray, other: np.ndarray) -> float:
    """Return the distance of two images, pixel by pixel."""
    squares = sum((int(a) - int(b)) ** 2 for a, b in zip(one.flat, other.flat, strict=True))
    return math.sqrt(squares) / 255


def measured(images_a, images_b, threshold) -> dict[tuple[int, int], float]:
    """Return all pairs that are close enough, with their distances."""
    within = images_b is None
    others = images_a if within else images_b
    pairs = {
        (i, j): distance(images_a[i], others[j])
        for i, j in itertools.product(range(len(images_a)), range(len(others)))
        if not within or i < j
    }
    return {pair: far for pair, far in pairs.items() if far <= threshold}


def as_dict(pairs: neighbours.Pairs) -> dict[tuple[int, int], float]:
    """Return pairs as the oracle gives them."""
    return dict(
        zip(
            zip(pairs.first.tolist(), pairs.second.tolist(), strict=True),
            pairs.distance.tolist(),
            strict=True,
        )
    )


@pytest.mark.parametrize("threshold", [0, 0.5, 1, 1.5, 30])
def test_near_duplicates_are_all_pairs_within_the_threshold(threshold, monkeypatch):
    """Within one set and across two, also when the images do not fit one block."""
    monkeypatch.setattr(neighbours, "BLOCK", 7)
    one, other = clusters(30, 1), clusters(17, 2)
    for images_b in (None, other):
        found = neighbours.near_duplicates(one, images_b, threshold=threshold)
        expected = measured(one, images_b, threshold)
        assert as_dict(found) == pytest.approx(expected)
        assert len(found) == len(expected)
        assert (np.diff(found.distance) >= 0).all()


@given(st.integers(0, 2**32 - 1), st.floats(0, 28))
@settings(max_examples=30, deadline=None)
def test_no_near_duplicate_is_missed(seed, threshold):
    """Whatever the images and the threshold, the products find what is measured exactly."""
    draw = np.random.default_rng(seed)
    images = (draw.integers(0, 256, (6, 28, 28)) * draw.integers(0, 2, (6, 1, 1))).astype(np.uint8)
    found = neighbours.near_duplicates(images, threshold=threshold)
    assert as_dict(found) == pytest.approx(measured(images, None, threshold))


def test_a_pair_exactly_at_the_threshold_counts():
    """One pixel from 0 to 255 is a distance of 1."""
    images = np.zeros((2, 28, 28), np.uint8)
    images[1, 3, 4] = 255
    assert len(neighbours.near_duplicates(images, threshold=1)) == 1
    assert len(neighbours.near_duplicates(images, threshold=0.999)) == 0


def test_exact_duplicates_are_those_at_distance_0():
    """By hash and by distance, within and across; three alike are three pairs."""
    one, other = clusters(40, 1), clusters(25, 2)
    for images_b in (None, other):
        exact = neighbours.exact_duplicates(one, images_b)
        assert len(exact) > 3
        assert as_dict(exact) == as_dict(neighbours.near_duplicates(one, images_b, threshold=0))
    alike = np.zeros((3, 28, 28), np.uint8)
    assert as_dict(neighbours.exact_duplicates(alike)) == {(0, 1): 0, (0, 2): 0, (1, 2): 0}


def test_no_images_have_no_pairs():
    """Empty sets are no mistake."""
    none = np.empty((0, 28, 28), np.uint8)
    assert len(neighbours.near_duplicates(none, threshold=1)) == 0
    assert len(neighbours.exact_duplicates(none)) == 0
    assert len(neighbours.exact_duplicates(clusters(3, 1), none)) == 0


def test_too_many_pairs_are_refused(monkeypatch):
    """Before they fill the memory."""
    monkeypatch.setattr(neighbours, "MOST_PAIRS", 10)
    with pytest.raises(ValueError, match=r"more than 10 pairs may be within 30: choose a lower"):
        neighbours.near_duplicates(clusters(30, 1), threshold=30)


@pytest.mark.parametrize("threshold", [-1, math.nan])
def test_a_threshold_that_is_none_is_refused(threshold):
    """Below 0 there is no distance."""
    with pytest.raises(ValueError, match="expects a threshold of at least 0, received"):
        neighbours.near_duplicates(clusters(3, 1), threshold=threshold)


def test_the_nearest_neighbour_is_scikit_learns(monkeypatch):
    """Positions and distances, on real images and over several blocks."""
    monkeypatch.setattr(neighbours, "BLOCK", 64)
    train, validation = splits.train_and_validation()
    images, queries = train.images[:600], validation.images[:200]
    positions, distances = neighbours.nearest_neighbour(images, queries)
    oracle = NearestNeighbors(n_neighbors=1, algorithm="brute")
    oracle.fit(images.reshape(600, -1) / 255.0)
    expected, where = oracle.kneighbors(queries.reshape(200, -1) / 255.0)
    assert np.array_equal(positions, where[:, 0])
    assert distances == pytest.approx(expected[:, 0])


def test_an_image_is_its_own_nearest_neighbour():
    """At distance 0; and there may be nothing to ask about."""
    images = RNG.integers(0, 256, (9, 28, 28), dtype=np.uint8)
    positions, distances = neighbours.nearest_neighbour(images, images[::-1])
    assert positions.tolist() == list(range(8, -1, -1))
    assert distances.tolist() == [0] * 9
    assert neighbours.nearest_neighbour(images, images[:0])[0].shape == (0,)


def test_no_image_to_choose_from_is_refused():
    """There is no nearest one."""
    with pytest.raises(ValueError, match="expects at least one image to choose from"):
        neighbours.nearest_neighbour(np.empty((0, 28, 28), np.uint8), clusters(1, 1))


@pytest.mark.parametrize(
    "images",
    [
        pytest.param(np.zeros((2, 28, 28), np.float32), id="scaled"),
        pytest.param(np.zeros((2, 784), np.uint8), id="flat"),
        pytest.param(np.zeros((2, 28, 27), np.uint8), id="other size"),
    ],
)
def test_what_are_no_images_is_refused(images):
    """Scaled images above all: their distances would be 255 times too small."""
    good = clusters(2, 1)
    for call in (
        lambda: neighbours.near_duplicates(images, threshold=1),
        lambda: neighbours.near_duplicates(good, images, threshold=1),
        lambda: neighbours.exact_duplicates(images),
        lambda: neighbours.exact_duplicates(good, images),
        lambda: neighbours.nearest_neighbour(images, good),
        lambda: neighbours.nearest_neighbour(good, images),
    ):
        with pytest.raises(ValueError, match="expected uint8 images of shape"):
            call()


def test_the_nearest_others_are_those_of_all_distances():
    """The nearest comes first; no point is its own neighbour, and its twin is one."""
    points = np.random.default_rng(3).normal(size=(40, 5))
    points[7] = points[3]
    distances = np.linalg.norm(points[:, np.newaxis] - points, axis=2)
    np.fill_diagonal(distances, np.inf)
    positions = neighbours.nearest_others(points, 6)
    nearest = np.take_along_axis(distances, positions, axis=1)
    assert nearest == pytest.approx(np.sort(distances, axis=1)[:, :6])
    assert (positions[7, 0], positions[3, 0]) == (3, 7)


def test_more_others_than_there_are_is_refused():
    """Of three points two are others."""
    with pytest.raises(ValueError, match="n_neighbors"):
        neighbours.nearest_others(np.eye(3), 3)


def test_digests_are_those_that_anybody_gets_of_the_pixels():
    """In the order of the images, and equal for equal images only."""
    images = clusters(12, 5)
    images[4] = images[9]
    expected = [hashlib.sha256(bytes(image.ravel().tolist())).hexdigest() for image in images]
    assert neighbours.digests(images) == expected
    with pytest.raises(ValueError, match="expected uint8 images"):
        neighbours.digests(images.astype(float))
