"""Public checks of inverted_dropout."""

import numpy as np
import pytest

from fmnist.exercises.expect import Claim, expect

# A float32 has seven digits; activations and their scaled values are below 100 here.
CLOSE = 1e-4
ARRAY = "Dropout changes numbers and keeps the shape and the type float32."
PREDICTION = (
    "A finished network uses all its features, as they are: a picture must get the same answer "
    "every time, and the scaling was already done in training."
)
SCALED = (
    "Where a share of the activations is set to 0, the next layer gets less than it will get in "
    "prediction. What is kept must make up for it, so the rest is divided by the share kept."
)
RATE = "The rate is the share that is dropped, not the share that is kept."
OWN_MASK = (
    "Each image has a mask of its own. If a whole batch lost the same features, the step would "
    "train one thinned network instead of many."
)
SEED = "The seed alone decides which activations are dropped: a draw as described, and no other."


def dropped(answer, activations, rate, seed, *, training=True):
    """Return a claim about the activations after dropout: float32, of the same shape."""
    claim = expect(answer, activations, rate, seed, training=training)
    return claim.is_array(*activations.shape, dtype="float32", idea=ARRAY)


def features(seed, images, count):
    """Return random activations, float32, above 0 as after ReLU."""
    draw = np.random.default_rng(seed)
    return draw.uniform(0.5, 9.5, (images, count)).astype(np.float32)


@pytest.mark.parametrize("rate", [0.0, 0.3, 0.9])
def test_prediction_changes_nothing(answer, rate):
    """In prediction every activation stays what it was, at any rate."""
    given = features(1, 5, 8)
    dropped(answer, given, rate, 7, training=False).equals(given, idea=PREDICTION)


@pytest.mark.parametrize("rate", [0.0, 0.25, 0.8])
def test_two_values_in_training(answer, rate):
    """In training an activation of 1 becomes 0, or 1 divided by the share that is kept."""
    claim = dropped(answer, np.ones((40, 50), dtype=np.float32), rate, 11)
    kept = claim.value[claim.value != 0]
    claim.holds(
        bool(kept.size) and bool((abs(kept - 1 / (1 - rate)) < CLOSE).all()),
        f"0 and {1 / (1 - rate):.4g} alone",
        f"{SCALED} {RATE}",
        got=f"numbers from {claim.value.min():.4g} to {claim.value.max():.4g}",
    )


def test_every_image_has_its_own_mask(answer):
    """No two of twenty images lose the same features."""
    claim = dropped(answer, np.ones((20, 60), dtype=np.float32), 0.5, 13)
    masks = {tuple(row) for row in (claim.value == 0).tolist()}
    claim.holds(len(masks) == 20, "20 different masks", OWN_MASK, got=f"{len(masks)} masks")


@pytest.mark.parametrize("rate", [0.3, 0.75])
def test_drops_the_share_that_was_asked_for(answer, rate):
    """Of 20,000 activations the share dropped is close to the rate, and the mean stays 1."""
    claim = dropped(answer, np.ones((100, 200), dtype=np.float32), rate, 12)
    # The standard deviation of the share is at most 0.0035, that of the mean 0.012.
    share = Claim(float((claim.value == 0).mean()), call=f"share of 0 in {claim.call}")
    share.is_close(rate, tolerance=0.02, idea=RATE)
    mean = Claim(float(claim.value.mean(dtype=float)), call=f"mean of {claim.call}")
    mean.is_close(1.0, tolerance=0.06, idea=SCALED)


def test_the_seed_decides(answer):
    """The same seed gives the same mask: the one that its generator draws, row by row."""
    given = features(2, 6, 7)
    for seed in (0, 1, 2024):
        claim = dropped(answer, given, 0.4, seed)
        numbers = iter(np.random.default_rng(seed).random(given.size).tolist())
        expected = [
            [0.0 if next(numbers) < 0.4 else activation / 0.6 for activation in row]
            for row in given.tolist()
        ]
        claim.is_close(expected, tolerance=CLOSE, idea=SEED)
