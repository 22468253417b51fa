"""Several opinions on one image, averaged: of several networks, or of one on the mirror image too.

Averaged are probabilities, float64, shape (n, 10), in [0, 1], rows adding up to 1: a logit has no
scale that two networks share.
"""

from collections.abc import Sequence

import numpy as np

from fmnist.data import splits
from fmnist.evaluation import calibration, metrics
from fmnist.training import runs


def mirrored(split: splits.Split) -> splits.Split:
    """Return the same garments seen in a mirror: left and right exchanged, labels unchanged.

    Example:
        >>> one = splits.Split("test", np.array([[[0, 255]]], dtype=np.uint8), np.array([8]))
        >>> mirrored(one).images.tolist()
        [[[255, 0]]]
    """
    return splits.Split(split.name, np.ascontiguousarray(split.images[:, :, ::-1]), split.labels)


def with_mirror(run: runs.Run, split: splits.Split) -> np.ndarray:
    """Return the probabilities of one network, averaged over each image and its mirror image.

    This is test-time augmentation with one change, at the price of predicting twice. It can help
    only a network for which a mirrored garment is nothing new: see `augmentation.augment`.

    Args:
        run: of the network.
        split: images.

    Returns:
        float64, shape (n, 10).

    Source: Krizhevsky, Sutskever and Hinton (2012), Advances in Neural Information Processing
    Systems 25, section 4.1, who average over shifts too.
    """
    return average(
        [calibration.softmax(metrics.logits(run, seen)) for seen in (split, mirrored(split))]
    )


def average(members: Sequence[np.ndarray]) -> np.ndarray:
    """Return the mean of the members' probabilities, each member counting alike.

    Args:
        members: at least one, each float, shape (n, 10).

    Returns:
        float64, shape (n, 10).

    Raises:
        ValueError: there is no member, their shapes differ, or rows do not add up to 1.

    Source: Lakshminarayanan, Pritzel and Blundell (2017), Advances in Neural Information
    Processing Systems 30, section 2.4.

    Example:
        >>> average([np.array([[0.9, 0.1]]), np.array([[0.4, 0.6]])]).round(2).tolist()
        [[0.65, 0.35]]
    """
    shapes = {member.shape for member in members}
    if len(shapes) != 1:
        raise ValueError(
            "average expects members of one shape, at least one of them, received "
            f"{sorted(shapes) or 'none'}"
        )
    stacked = np.stack([member.astype(np.float64) for member in members])
    if not np.allclose(stacked.sum(axis=-1), 1, atol=1e-5):
        raise ValueError("average expects probabilities that add up to 1 per image: logits do not")
    return stacked.mean(axis=0)


def correct(members: Sequence[np.ndarray], split: splits.Split) -> np.ndarray:
    """Return which images each member labels correctly, by its most probable class.

    Args:
        members: S of them, each float, shape (n, 10): probabilities or logits.
        split: the images that these are of, with their labels.

    Returns:
        bool, shape (S, n).

    Example:
        >>> trousers = splits.Split("test", np.zeros((1, 28, 28), np.uint8), np.array([1]))
        >>> correct([np.array([[0.9, 0.1]]), np.array([[0.4, 0.6]])], trousers).tolist()
        [[False], [True]]
    """
    return np.stack([member.argmax(axis=1) == split.labels for member in members])
