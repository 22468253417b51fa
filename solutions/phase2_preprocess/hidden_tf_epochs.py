"""Hidden checks of tf_epochs."""

import numpy as np
import pytest

from fmnist.exercises.expect import Claim, expect, is_array

NESTED = "Return a list of epochs, each a list of tuples of two arrays: images and labels."


def epochs_of(claim, epochs):
    """Return the epochs of a claim, once they are lists of tuples of two arrays with rows."""
    value = claim.value
    good = (
        type(value) is list
        and len(value) == epochs
        and all(type(epoch) is list and all(map(is_pair, epoch)) for epoch in value)
    )
    claim.holds(good, "lists of tuples of two arrays", NESTED)
    return value


def is_pair(value):
    """Return whether a value is a tuple of two arrays with rows."""
    two = type(value) is tuple and len(value) == 2
    return two and all(is_array(one) and one.ndim for one in value)


@pytest.mark.parametrize(("seed", "count", "batch_size"), [(261, 100, 30), (262, 64, 64)])
def test_agrees_with_the_reference(answer, reference, seed, count, batch_size):
    """On other images, the samples of each epoch are those of the reference."""
    draw = np.random.default_rng(seed)
    images = draw.integers(0, 256, (count, 5, 4), dtype=np.uint8)
    labels = np.arange(count, dtype=np.uint8)
    mean, deviation = float(draw.uniform(0.1, 0.6)), float(draw.uniform(0.1, 0.5))
    args = (images, labels, mean, deviation, batch_size, 2)
    claim = expect(answer, *args, seed=seed)
    expected = reference(*args, seed=seed)
    claim.holds(
        [[tuple(part.shape for part in pair) for pair in epoch] for epoch in epochs_of(claim, 2)]
        == [[tuple(part.shape for part in pair) for pair in epoch] for epoch in expected],
        "batches of the right shapes",
        "Shuffle, then batch without dropping the rest; the channel axis comes last.",
    )
    for found, wanted in zip(claim.value, expected, strict=True):
        rows = [np.concatenate([batch for batch, _ in one]) for one in (found, wanted)]
        orders = [
            np.argsort(np.concatenate([given for _, given in one])) for one in (found, wanted)
        ]
        one = Claim(rows[0][orders[0]], call=f"images of {claim.call}, in the order of labels")
        one.is_array(count, 5, 4, 1, dtype="float32", idea="Batches are float32.")
        one.is_close(
            rows[1][orders[1]],
            tolerance=1e-5,
            idea="Divide by 255 once, subtract the given mean, divide by the given deviation.",
        )


@pytest.mark.parametrize("seed", [263, 264])
def test_the_end_of_the_file_can_come_first(answer, seed):
    """The first batch holds images from the last quarter of the file."""
    images = np.zeros((240, 1, 1), dtype=np.uint8)
    labels = np.arange(240, dtype=np.uint8)
    claim = expect(answer, images, labels, 0.3, 0.35, 24, 1, seed=seed)
    claim.holds(any(epochs_of(claim, 1)), "a batch", NESTED)
    _, given = claim.value[0][0]
    Claim(given, call=f"labels of {claim.call}").is_array(24, dtype="uint8", idea=NESTED)
    claim.holds(
        int(given.max()) >= 180,
        "an image from the last quarter among the first 24 of 240",
        "A buffer that is smaller than the data only mixes neighbours: make room for all images.",
        got=f"images 0 to {int(given.max())} only",
    )
