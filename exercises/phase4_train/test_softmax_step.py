"""Public checks of softmax_step."""

import math

import numpy as np

from fmnist.exercises.expect import Claim, expect

# Sums of a few numbers near 1, in float64.
CLOSE = 1e-9
# Central differences over 2e-5: their own error is about 1e-10 here, rounding included.
NUMERIC = 1e-7
TUPLE = "Return the new weights, the new bias and the loss, in this order."
SHAPE = "A step changes numbers and keeps shapes: float64, one number for each parameter."
FLOAT = "The loss of a batch is one number, a float."
LOSS = (
    "The loss is minus the natural logarithm of the probability of the true class, where the "
    "probabilities of one image add up to 1; of a batch it is the mean over the images."
)
BEFORE = (
    "The gradient and the loss belong to the same parameters, those before the step: nobody has "
    "looked at the images with the new ones yet."
)
HAND = (
    "Both classes of the image get the probability 1/2, so the errors are -1/2 and 1/2. The "
    "gradient, error times pixel, points uphill; the step goes the other way."
)
BIAS = "The bias moves like the weight of a pixel that is always 1: its gradient is the error."
MEAN = (
    "The loss is a mean over the images. A batch with every image twice has the same mean, so it "
    "must give the same step; a sum would step twice as far."
)
GRADIENT = (
    "If one parameter is nudged, the loss changes by its gradient times the nudge. The step must "
    "be the rate times that gradient, for every parameter."
)
FINITE = "A large logit must not become an infinite number on the way: take the largest out first."


def batch(seed, count=12, pixels=6, classes=4):
    """Return random weights, bias, images and labels; every class occurs."""
    draw = np.random.default_rng(seed)
    weights, bias = draw.normal(size=(pixels, classes)), draw.normal(size=classes)
    return weights, bias, draw.random((count, pixels)), np.arange(count) % classes


def mean_loss(weights, bias, images, labels):
    """Return the mean cross-entropy in nats, one image and one class at a time."""
    total = 0.0
    for image, label in zip(images.tolist(), labels.tolist(), strict=True):
        logits = [
            sum(pixel * weight for pixel, weight in zip(image, column, strict=True)) + b
            for column, b in zip(weights.T.tolist(), bias.tolist(), strict=True)
        ]
        largest = max(logits)
        exponentials = [math.exp(logit - largest) for logit in logits]
        total += largest + math.log(sum(exponentials)) - logits[label]
    return total / len(labels)


def slope(parameters, index, loss, nudge=1e-5):
    """Return how fast `loss()` grows with one of the parameters, by central differences."""
    kept = parameters[index]
    parameters[index] = kept + nudge
    above = loss()
    parameters[index] = kept - nudge
    below = loss()
    parameters[index] = kept
    return (above - below) / (2 * nudge)


def step(answer, weights, bias, images, labels, rate):
    """Return claims about the new weights, the new bias and the loss, of the right shapes."""
    claim = expect(answer, weights, bias, images, labels, rate).is_tuple(3, idea=TUPLE)
    names = ("new_weights", "new_bias", "loss")
    found = [
        Claim(part, call=f"{name} of {claim.call}")
        for name, part in zip(names, claim.value, strict=True)
    ]
    found[0].is_array(*weights.shape, dtype="float64", idea=SHAPE)
    found[1].is_array(*bias.shape, dtype="float64", idea=SHAPE)
    found[2].is_float(idea=FLOAT)
    return found


def test_one_image_by_hand(answer):
    """From zero weights the step gives to the true class what it takes from the other."""
    image, label = np.array([[1.0, 0.0]]), np.array([0])
    weights, bias, _ = step(answer, np.zeros((2, 2)), np.zeros(2), image, label, 1.0)
    weights.is_close([[0.5, -0.5], [0.0, 0.0]], tolerance=CLOSE, idea=HAND)
    bias.is_close([0.5, -0.5], tolerance=CLOSE, idea=BIAS)


def test_the_loss_is_that_before_the_step(answer):
    """However long the step, the loss is the one of the parameters that were given."""
    given = batch(31)
    expected = mean_loss(*given)
    *_, short = step(answer, *given, 1e-3)
    *_, long = step(answer, *given, 5.0)
    long.is_close(short.value, tolerance=CLOSE, idea=BEFORE)
    short.is_close(expected, tolerance=CLOSE, idea=LOSS)


def test_every_image_twice_is_the_same_step(answer):
    """A batch in which every image stands twice gives the step that it gives once."""
    weights, bias, images, labels = batch(32)
    once = step(answer, weights, bias, images, labels, 0.5)
    twice = step(
        answer, weights, bias, np.concatenate([images] * 2), np.concatenate([labels] * 2), 0.5
    )
    for one, two in zip(once, twice, strict=True):
        two.is_close(one.value, tolerance=CLOSE, idea=MEAN)


def test_the_step_is_the_rate_times_the_slope(answer):
    """Every weight and bias moves by the rate times the slope of the loss, measured by nudging."""
    given, rate = batch(33), 0.25
    new_weights, new_bias, _ = step(answer, *given, rate)
    for claim, parameters in ((new_weights, given[0]), (new_bias, given[1])):
        expected = parameters.copy()
        for index in np.ndindex(parameters.shape):
            expected[index] -= rate * slope(parameters, index, lambda: mean_loss(*given))
        claim.is_close(expected, tolerance=NUMERIC, idea=GRADIENT)


def test_large_logits(answer):
    """A network that is sure and wrong costs exactly its logit, and takes a finite step."""
    image, label, given = np.array([[1.0, 0.0]]), np.array([1]), np.array([[1000.0, 0.0]] * 2)
    weights, bias, loss = step(answer, given, np.zeros(2), image, label, 1.0)
    loss.is_close(1000.0, tolerance=CLOSE, idea=FINITE)
    weights.is_close([[999.0, 1.0], [1000.0, 0.0]], tolerance=CLOSE, idea=FINITE)
    bias.is_close([-1.0, 1.0], tolerance=CLOSE, idea=FINITE)
    # Beside an image with large logits stands one with none: each has a largest of its own.
    weights, images, labels = np.array([[2000.0, 1000.0], [0.0, 0.0]]), np.eye(2), np.array([0, 1])
    *_, loss = step(answer, weights, np.zeros(2), images, labels, 1.0)
    loss.is_close(math.log(2) / 2, tolerance=CLOSE, idea=FINITE)
