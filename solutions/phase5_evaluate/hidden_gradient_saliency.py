"""Hidden checks of gradient_saliency."""

import numpy as np
import pytest

from fmnist.exercises.expect import expect


@pytest.mark.parametrize("seed", [561, 562])
def test_agrees_with_the_chain_rule(answer, seed):
    """On other networks the map is that of the chain rule: only active hidden units count."""
    draw = np.random.default_rng(seed)
    rows, columns, units, classes = 7, 5, 20, 10
    shapes = [(rows * columns, units), (units,), (units, classes), (classes,)]
    weights = [draw.normal(size=shape).astype(np.float32) for shape in shapes]
    image = draw.normal(size=(rows, columns)).astype(np.float32)
    active = image.ravel().astype(np.float64) @ weights[0] + weights[1] > 0
    for label in (0, 9):
        expected = abs((weights[0][:, active] @ weights[2][active, label]).reshape(rows, columns))
        claim = expect(answer, image, weights, label)
        claim.is_array(rows, columns, dtype="float32", idea="One number for each pixel.")
        claim.is_close(
            expected,
            tolerance=1e-3,  # float32, sums of twenty products
            idea="The derivative of the logit of this class, without its sign.",
        )


@pytest.mark.parametrize("seed", [563])
def test_agrees_with_the_reference(answer, reference, seed):
    """At the size of a Fashion-MNIST image the map is that of the reference."""
    draw = np.random.default_rng(seed)
    shapes = [(784, 16), (16,), (16, 10), (10,)]
    weights = [draw.normal(scale=0.1, size=shape).astype(np.float32) for shape in shapes]
    image = draw.normal(size=(28, 28)).astype(np.float32)
    claim = expect(answer, image, weights, 6)
    claim.is_array(28, 28, dtype="float32", idea="One number for each pixel.")
    claim.is_close(
        reference(image, weights, 6),
        tolerance=1e-4,
        idea="The derivative of the logit of this class, without its sign.",
    )
