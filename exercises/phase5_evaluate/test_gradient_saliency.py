"""Public checks of gradient_saliency."""

import numpy as np
import pytest

from fmnist.exercises.expect import expect

FLOAT32 = "One number for each pixel, in the shape of the image: no axis for batch or channel."
MAGNITUDE = (
    "This map says how much a pixel matters, not for which side: a pixel that lowers the logit "
    "when it gets brighter matters as much as one that raises it."
)
SLOPE = (
    "The map is a derivative: by how much the logit changes for a small change of the pixel. How "
    "bright the pixel is now does not enter."
)
ONE_LOGIT = (
    "The derivative is that of one logit, of the class asked for. A tape that is given several "
    "outputs adds up their gradients, and what speaks for one class cancels what speaks against."
)
NOT_PROBABILITY = (
    "Once a network is sure, its probability hardly moves and neither does its loss: their "
    "gradients vanish, though the network looks at the same pixels. The logit still moves."
)
HIDDEN = "A hidden unit that gives 0 lets nothing through: only the active ones count."


def linear(weights):
    """Return the four arrays of a network whose logits are linear in pixels above 0."""
    pixels, classes = weights.shape
    parts = [np.eye(pixels), np.zeros(pixels), weights, np.zeros(classes)]
    return [part.astype(np.float32) for part in parts]


def case(seed, rows, columns, units, classes):
    """Return a standardised image and the weights of a network."""
    draw = np.random.default_rng(seed)
    pixels = rows * columns
    shapes = [(pixels, units), (units,), (units, classes), (classes,)]
    weights = [draw.normal(scale=0.5, size=shape).astype(np.float32) for shape in shapes]
    return draw.normal(size=(rows, columns)).astype(np.float32), weights


def logits(image, weights):
    """Return the logits, in float64."""
    hidden = np.maximum(image.ravel().astype(np.float64) @ weights[0] + weights[1], 0)
    return hidden @ weights[2] + weights[3]


def by_nudging(image, weights, label, nudge=1e-6):
    """Return the map by finite differences: each pixel is moved a little both ways."""
    found = np.empty(image.shape)
    for place in np.ndindex(image.shape):
        ends = []
        for step in (nudge, -nudge):
            moved = image.astype(np.float64)
            moved[place] += step
            ends.append(logits(moved, weights)[label])
        found[place] = abs(ends[0] - ends[1]) / (2 * nudge)
    return found


def judged(answer, image, weights, label):
    """Return a claim about a map whose type, shape and range are right."""
    claim = expect(answer, image, weights, label)
    claim.is_array(*image.shape, dtype="float32", idea=FLOAT32)
    return claim.holds(
        bool(np.isfinite(claim.value).all() and claim.value.min() >= 0),
        "numbers of at least 0",
        MAGNITUDE,
        got=f"numbers from {claim.value.min():.6g} to {claim.value.max():.6g}",
    )


def test_one_number_for_each_pixel(answer):
    """The map has the shape of the image, and no number below 0."""
    image, weights = case(1, 4, 6, 8, 10)
    judged(answer, image, weights, 3)


def test_a_sure_network_still_looks_somewhere(answer):
    """Where the predicted class has a probability of 1, its map is that of its logit."""
    weights = linear(np.array([[40.0, 0.0], [20.0, 0.0]]))
    image = np.ones((2, 1), dtype=np.float32)
    claim = judged(answer, image, weights, 0)
    claim.is_close([[40.0], [20.0]], tolerance=1e-3, idea=NOT_PROBABILITY)


def test_a_linear_logit_has_the_weights_for_a_map(answer):
    """If the logit is left minus 3 times right, the map is 1 and 3, however bright the pixels."""
    weights = linear(np.array([[1.0], [-3.0]]))
    for pixels in ([1.0, 1.0], [0.5, 2.0]):
        image = np.array([pixels], dtype=np.float32)
        judged(answer, image, weights, 0).is_close([[1.0, 3.0]], tolerance=1e-5, idea=SLOPE)


@pytest.mark.parametrize("label", [0, 1])
def test_one_class_at_a_time(answer, label):
    """Of two classes with opposite weights, each has its map, whichever is predicted."""
    weights = linear(np.array([[2.0, -2.0], [1.0, -1.0], [0.0, 0.5]]))
    image = np.array([[0.5, 0.25, 1.0]], dtype=np.float32)
    expected = [[2.0, 1.0, 0.5 * label]]
    judged(answer, image, weights, label).is_close(expected, tolerance=1e-5, idea=ONE_LOGIT)


def test_agrees_with_nudging_each_pixel(answer):
    """The map is what finite differences give: move a pixel a little, look at the logit."""
    image, weights = case(2, 4, 5, 12, 3)
    claim = judged(answer, image, weights, 1)
    expected = by_nudging(image, weights, 1)
    # float32 keeps seven digits, the differences somewhat more.
    claim.is_close(expected, tolerance=1e-4, idea=f"{ONE_LOGIT} {HIDDEN}")
