"""Public checks of training_step."""

import numpy as np
import pytest

from fmnist.exercises.expect import Claim, expect

# Keras computes in float32, which has seven digits, and adds up some tens of numbers near 1.
CLOSE = 1e-4
MOMENTUM, EPSILON = 0.99, 1e-3  # of keras.layers.BatchNormalization
RUNNING = (3, 4)  # positions of the running mean and the running variance
NAMES = ("kernel", "gamma", "beta", "running mean", "running variance", "last kernel", "bias")
PAIR = "Return the list of new weights and the loss, in this order."
LIST = "The weights come back as they were given: a list of seven arrays, in the same order."
SHAPE = "A step changes numbers and keeps shapes: float32 arrays, not Keras variables."
FLOAT = "The loss is one number, a float: take it out of the tensor."
LOSS = (
    "The loss is the mean cross-entropy of softmax probabilities. The last layer returns logits, "
    "and the loss must be told so, or it takes them for probabilities."
)
BEFORE = (
    "The gradient and the loss belong to the same weights, those before the step; the rate can "
    "have no influence on the loss."
)
IN_TRAINING = (
    "In training batch normalisation uses mean and deviation of this very batch, and moves its "
    "running statistics a hundredth of the way towards them. A network that is called without "
    "being told that it is trained predicts."
)
STEP = (
    "Plain gradient descent moves every trainable weight by the rate times the slope of the mean "
    "loss, downhill. Other optimisers take other steps, and a sum over the batch has other slopes."
)
MEAN = "The loss is a mean over the batch: every image twice is the same loss and the same step."


def network(seed, pixels=6, hidden=4, classes=3):
    """Return seven random weights; the running statistics are those of no batch in particular."""
    draw = np.random.default_rng(seed)
    weights = [
        draw.normal(0, 1, (pixels, hidden)),
        draw.uniform(0.5, 1.5, hidden),
        draw.normal(0, 0.5, hidden),
        draw.normal(2, 1, hidden),
        draw.uniform(2, 4, hidden),
        draw.normal(0, 1, (hidden, classes)),
        draw.normal(0, 1, classes),
    ]
    return [weight.astype(np.float32) for weight in weights]


def batch(seed, count=16, pixels=6, classes=3):
    """Return images, float32 in [0, 1], and labels of all classes."""
    draw = np.random.default_rng(seed)
    return draw.random((count, pixels), dtype=np.float32), np.arange(count) % classes


def settled(weights, images):
    """Return the weights with the statistics of this batch as running statistics."""
    features = images @ weights[0]
    return [*weights[:3], features.mean(axis=0), features.var(axis=0), *weights[5:]]


def mean_loss(weights, images, labels):
    """Return the mean cross-entropy in training, in float64."""
    kernel, gamma, beta, _, _, last, bias = weights
    features = images @ kernel
    scaled = (features - features.mean(axis=0)) / np.sqrt(features.var(axis=0) + EPSILON)
    logits = np.maximum(gamma * scaled + beta, 0) @ last + bias
    logits -= logits.max(axis=1, keepdims=True)
    true = logits[np.arange(len(labels)), labels]
    return float((np.log(np.exp(logits).sum(axis=1)) - true).mean())


def slopes(weights, position, images, labels, nudge=1e-6):
    """Return how fast the loss grows with each number of one weight, by central differences."""
    weights = [weight.astype(np.float64) for weight in weights]
    images, found = images.astype(np.float64), np.zeros(weights[position].shape)
    for index in np.ndindex(found.shape):
        kept = weights[position][index]
        ends = []
        for moved in (kept + nudge, kept - nudge):
            weights[position][index] = moved
            ends.append(mean_loss(weights, images, labels))
        weights[position][index] = kept
        found[index] = (ends[0] - ends[1]) / (2 * nudge)
    return found


def step(answer, weights, images, labels, rate):
    """Return claims about each of the new weights, and about the loss."""
    claim = expect(answer, weights, images, labels, rate).is_tuple(2, idea=PAIR)
    new, loss = claim.value
    given = Claim(new, call=f"new_weights of {claim.call}")
    given.holds(type(new) is list and len(new) == len(weights), "a list of 7 arrays", LIST)
    found = []
    for name, one, weight in zip(NAMES, new, weights, strict=True):
        found.append(Claim(one, call=f"{name} of {claim.call}"))
        found[-1].is_array(*weight.shape, dtype="float32", idea=SHAPE)
    return found, Claim(loss, call=f"loss of {claim.call}").is_float(idea=FLOAT)


def test_the_loss_is_the_cross_entropy_of_logits(answer):
    """The loss is the one computed by hand from the weights that were given."""
    images, labels = batch(1)
    weights = settled(network(1), images)
    _, loss = step(answer, weights, images, labels, 1e-6)
    loss.is_close(mean_loss(weights, images, labels), tolerance=CLOSE, idea=LOSS)


def test_the_loss_is_that_before_the_step(answer):
    """A short step and a long one report the same loss."""
    weights, (images, labels) = network(2), batch(2)
    _, short = step(answer, weights, images, labels, 1e-6)
    _, long = step(answer, weights, images, labels, 3.0)
    long.is_close(short.value, tolerance=CLOSE, idea=BEFORE)


def test_the_network_is_in_training(answer):
    """Running mean and variance move by a hundredth of the way to those of the batch."""
    weights, (images, labels) = network(3), batch(3)
    found, _ = step(answer, weights, images, labels, 0.1)
    target = settled(weights, images)
    for position in RUNNING:
        expected = MOMENTUM * weights[position] + (1 - MOMENTUM) * target[position]
        found[position].is_close(expected, tolerance=CLOSE, idea=IN_TRAINING)


@pytest.mark.parametrize("rate", [0.05, 1.0])
def test_the_step_is_the_rate_times_the_slope(answer, rate):
    """Every trainable weight moves by the rate times the slope, measured by nudging it."""
    images, labels = batch(4)
    weights = settled(network(4), images)
    found, _ = step(answer, weights, images, labels, rate)
    for position, (claim, weight) in enumerate(zip(found, weights, strict=True)):
        if position not in RUNNING:
            expected = weight - rate * slopes(weights, position, images, labels)
            claim.is_close(expected, tolerance=CLOSE, idea=STEP)


def test_every_image_twice_is_the_same_step(answer):
    """A batch in which every image stands twice has the same loss and gives the same step."""
    weights, (images, labels) = network(5), batch(5)
    once, loss = step(answer, weights, images, labels, 0.5)
    doubled = np.concatenate([images, images]), np.concatenate([labels, labels])
    twice, loss_twice = step(answer, weights, *doubled, 0.5)
    loss_twice.is_close(loss.value, tolerance=CLOSE, idea=MEAN)
    for one, two in zip(once, twice, strict=True):
        two.is_close(one.value, tolerance=CLOSE, idea=MEAN)
