"""Ensembles: what is averaged, and over which images."""

import numpy as np
import pytest

from fmnist.data import splits
from fmnist.evaluation import ensembles


def some_split(count: int = 12, seed: int = 3) -> splits.Split:
    """Return images of noise."""
    draw = np.random.default_rng(seed)
    images = draw.integers(0, 256, (count, 28, 28), dtype=np.uint8)
    return splits.Split("validation", images, draw.integers(0, 10, count).astype(np.uint8))


def some_probabilities(seed: int) -> np.ndarray:
    """Return probabilities of 50 images."""
    return np.random.default_rng(seed).dirichlet(np.ones(10), 50)


def test_a_mirror_exchanges_left_and_right_and_nothing_else():
    """The first column becomes the last; rows, labels and the name of the split stay."""
    split = some_split()
    seen = ensembles.mirrored(split)
    for column in range(28):
        assert (seen.images[:, :, column] == split.images[:, :, 27 - column]).all()
    assert seen.name == split.name
    assert (seen.labels == split.labels).all()


def test_mirrored_twice_is_the_same_image():
    """A mirror before a mirror changes nothing."""
    split = some_split()
    assert (ensembles.mirrored(ensembles.mirrored(split)).images == split.images).all()


def test_the_average_of_probabilities_is_a_probability():
    """Rows add up to 1, and one member is its own average."""
    members = [some_probabilities(seed) for seed in range(3)]
    mean = ensembles.average(members)
    np.testing.assert_allclose(mean.sum(axis=1), 1)
    np.testing.assert_allclose(mean, (members[0] + members[1] + members[2]) / 3)
    np.testing.assert_array_equal(ensembles.average(members[:1]), members[0])


def test_the_order_of_the_members_does_not_matter():
    """Every member counts alike."""
    members = [some_probabilities(seed) for seed in range(4)]
    np.testing.assert_allclose(ensembles.average(members), ensembles.average(members[::-1]))


@pytest.mark.parametrize(
    ("members", "message"),
    [
        pytest.param([], "received none", id="nobody"),
        pytest.param([np.ones((1, 1)), np.ones((2, 1))], "members of one shape", id="two shapes"),
        pytest.param([np.array([[2.0, -1.5]])], "add up to 1 per image", id="logits"),
    ],
)
def test_what_cannot_be_averaged_is_refused(members, message):
    """No member, members of other images, and logits are refused by name."""
    with pytest.raises(ValueError, match=message):
        ensembles.average(members)


def test_both_images_are_asked_for(monkeypatch):
    """A network that is sure of the left half of an image is half as sure with its mirror image."""
    split = some_split()
    left = split.images.copy()
    left[:, :, 14:] = 0
    split = splits.Split("validation", left, split.labels)

    def logits(_, seen):
        """Class 0 for an image with something on the left, class 1 for the others."""
        bright = seen.images[:, :, :14].any(axis=(1, 2))
        return np.where(bright[:, np.newaxis], [40.0, 0.0], [0.0, 40.0])

    monkeypatch.setattr(ensembles.metrics, "logits", logits)
    np.testing.assert_allclose(ensembles.with_mirror(None, split), 0.5)


def test_each_member_is_judged_by_its_most_probable_class():
    """A row for each member, an image that it labels correctly is True."""
    split = some_split(count=3)
    right = np.eye(10)[split.labels]
    wrong = np.roll(right, 1, axis=1)
    judged = ensembles.correct(
        [right, wrong, np.where([[True], [False], [True]], right, wrong)], split
    )
    assert judged.dtype == bool
    assert judged.tolist() == [[True] * 3, [False] * 3, [True, False, True]]
