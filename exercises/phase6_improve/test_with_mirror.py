"""Public checks of with_mirror."""

import math

import numpy as np

from fmnist.exercises.expect import expect

SHAPE = "One row per image, one column per class, in float32 like the pixels."
PROBABILITIES = (
    "A softmax turns the logits of one image into probabilities: each from 0 to 1, and over the "
    "classes of an image they add up to 1. So does their mean."
)
MIRROR = (
    "A mirror exchanges left and right, the columns of each image; the rows stay where they are. A "
    "boot that stands on its head is not another view of a boot."
)
SOFTMAX_FIRST = (
    "Average what the network says of each view, its probabilities. Averaged logits give the view "
    "with the larger logits more to say, though it may not be the more familiar one."
)
LARGE = (
    "The power of a large number is more than a float can hold. Only differences of logits matter: "
    "subtract the largest of each row first."
)


def model(seed, rows, columns, classes):
    """Return random images, kernel and bias of a linear model."""
    draw = np.random.default_rng(seed)
    images = draw.random((6, rows, columns), dtype=np.float32)
    kernel = draw.normal(0, 1, (rows * columns, classes)).astype(np.float32)
    return images, kernel, draw.normal(0, 1, classes).astype(np.float32)


def probabilities(answer, images, kernel, bias):
    """Return a claim about an array of probabilities of the right shape, dtype and range."""
    claim = expect(answer, images, kernel, bias)
    claim.is_array(len(images), len(bias), dtype="float32", idea=SHAPE)
    claim.lies_in(0, 1 + 1e-6, idea=PROBABILITIES)
    sums = claim.value.sum(axis=1, dtype=float)
    return claim.holds(
        abs(sums - 1).max() < 1e-5,
        "rows that add up to 1",
        PROBABILITIES,
        got=f"rows that add up to {sums.round(4).tolist()}",
    )


def softmax(logits):
    """Return the softmax of a list of numbers, in plain Python."""
    powers = [math.exp(logit - max(logits)) for logit in logits]
    return [power / sum(powers) for power in powers]


def test_images_that_are_their_own_mirror_images(answer):
    """An image that looks the same in the mirror keeps its probabilities."""
    images = np.array([[[1, 0, 1]], [[0, 0.5, 0]]], dtype=np.float32)
    kernel = np.array([[1, 0], [2, 0], [1, 0]], dtype=np.float32)
    claim = probabilities(answer, images, kernel, np.array([0, 1], dtype=np.float32))
    expected = [softmax([2.0, 1.0]), softmax([1.0, 1.0])]  # logits by hand
    claim.is_close(expected, tolerance=1e-5, idea=PROBABILITIES)


def test_left_and_right_do_not_matter(answer):
    """An image and its mirror image get the same probabilities."""
    images, kernel, bias = model(1, 4, 6, 10)
    plain = probabilities(answer, images, kernel, bias)
    mirrored = np.ascontiguousarray(images[:, :, ::-1])
    claim = probabilities(answer, mirrored, kernel, bias)
    claim.is_close(plain.value, tolerance=1e-5, idea=MIRROR)


def test_probabilities_are_averaged(answer):
    """Logits 4 and 0 for the image, 0 and 0 for its mirror image: sure once, in doubt once."""
    image = np.array([[[1, 0]]], dtype=np.float32)
    kernel = np.array([[4, 0], [0, 0]], dtype=np.float32)
    claim = probabilities(answer, image, kernel, np.zeros(2, dtype=np.float32))
    first = (softmax([4.0, 0.0])[0] + 0.5) / 2
    claim.is_close([[first, 1 - first]], tolerance=1e-5, idea=SOFTMAX_FIRST)


def test_agrees_with_sums_worked_out_slowly(answer):
    """Ten classes, images of 3 by 5 pixels: pixel by pixel, class by class."""
    images, kernel, bias = model(2, 3, 5, 10)
    claim = probabilities(answer, images, kernel, bias)
    expected = []
    for image in images.astype(float):
        views = []
        for columns in (range(5), range(4, -1, -1)):
            pixels = [image[row, column] for row in range(3) for column in columns]
            logits = [
                sum(x * w for x, w in zip(pixels, weights, strict=True)) + b
                for weights, b in zip(kernel.T.tolist(), bias.tolist(), strict=True)
            ]
            views.append(softmax(logits))
        expected.append([(one + other) / 2 for one, other in zip(*views, strict=True)])
    claim.is_close(expected, tolerance=1e-5, idea=MIRROR)


def test_large_logits(answer):
    """Logits in the thousands give probabilities of 0 and 1, not nan."""
    image = np.array([[[1, 1]]], dtype=np.float32)
    kernel = np.array([[2000, 0], [0, 0]], dtype=np.float32)
    claim = expect(answer, image, kernel, np.zeros(2, dtype=np.float32))
    claim.is_array(1, 2, dtype="float32", idea=SHAPE)
    claim.is_close([[1.0, 0.0]], tolerance=1e-5, idea=LARGE)
