"""Hidden checks of occlusion_map."""

import numpy as np
import pytest

from fmnist.exercises.expect import expect


@pytest.mark.parametrize("seed", [551, 552, 553])
def test_agrees_with_the_reference(answer, reference, seed):
    """On other images, up to a square that covers all, the map is that of the reference."""
    draw = np.random.default_rng(seed)
    rows, columns, classes = (int(side) for side in draw.integers(4, 11, 3))
    image = draw.normal(size=(rows, columns)).astype(np.float32)
    weights = draw.normal(scale=0.2, size=(rows, columns, classes))
    biases = draw.normal(size=classes)
    for size in (1, 3, min(rows, columns)):
        settings = {"label": classes - 1, "size": size, "background": float(draw.normal())}
        claim = expect(answer, image, weights, biases, **settings)
        claim.is_array(
            rows - size + 1, columns - size + 1, dtype="float64", idea="One number for each place."
        )
        claim.is_close(
            reference(image, weights, biases, **settings),
            tolerance=1e-9,
            idea="Cover one square of the whole image with the background, and take what is lost.",
        )
