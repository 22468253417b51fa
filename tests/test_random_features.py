"""A last layer that is solved for, on features that are random."""

import numpy as np
import pytest

from fmnist.analysis import random_features
from fmnist.data import splits


@pytest.fixture(scope="module", name="images")
def _images():
    """A hundred training images and two hundred others, real ones."""
    training, validation = splits.train_and_validation()
    return splits.subset(training, 100), splits.subset(validation, 200)


def right(images, features, seed=0):
    """Return both shares of right answers."""
    return [one.mean() for one in random_features.right(*images, features=features, seed=seed)]


def test_enough_features_fit_every_label(images):
    """As many as images just can, and fewer by far cannot."""
    assert right(images, 5)[0] < 0.9
    assert right(images, 100)[0] == right(images, 400)[0] == 1


def test_other_images_are_known_worst_where_the_labels_just_fit(images):
    """The accuracy on them falls into a valley and comes out of it, for each seed."""
    for seed in range(3):
        before, valley, beyond = (right(images, number, seed)[1] for number in (20, 100, 1_000))
        assert valley < before - 0.1
        assert beyond > valley + 0.2


def test_the_solution_is_the_smallest_that_fits(images):
    """Written out: the same answers as those of the pseudoinverse."""
    training, asked = images
    pixels = training.images.astype(float)
    weights = np.random.default_rng(7).normal(0, 1 / 28, (784, 250))

    def hidden(split):
        flat = split.images.reshape(len(split), 784)
        return np.maximum((flat - pixels.mean()) / pixels.std() @ weights, 0)

    last = np.linalg.pinv(hidden(training)) @ np.eye(10)[training.labels]
    answers = (hidden(asked) @ last).argmax(axis=1)
    _, found = random_features.right(training, asked, features=250, seed=7)
    assert (found == (answers == asked.labels)).all()
    _, other = random_features.right(training, asked, features=250, seed=8)
    assert (found != other).any()
