"""Hidden checks of compiled_classifier."""

import numpy as np
import pytest

from fmnist.exercises.expect import Claim, expect


@pytest.mark.parametrize("seed", [421])
def test_training_lowers_the_loss(answer, seed):
    """On two classes that a line can tell apart, training lowers the loss to nearly nothing."""
    draw = np.random.default_rng(seed)
    labels = np.tile(np.array([3, 7], dtype=np.uint8), 64)
    images = draw.random((128, 28, 28, 1), dtype=np.float32) * 0.1
    images[labels == 3, :14] += 0.5
    images[labels == 7, 14:] += 0.5
    model = expect(answer, learning_rate=0.01).is_model().value
    history = Claim(
        model.fit(images, labels, epochs=5, batch_size=16),
        call="compiled_classifier(0.01).fit(images, labels, epochs=5)",
    )
    losses = history.value["loss"]
    history.holds(
        0 <= losses[-1] < 0.2 * losses[0] < 10,
        "a loss that falls to a fifth",
        "With the right loss and optimiser, a linear classifier learns this in seconds.",
        got=f"losses {losses[0]:.3f} to {losses[-1]:.3f}",
    )
