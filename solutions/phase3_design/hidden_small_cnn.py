"""Hidden checks of small_cnn."""

import numpy as np
import pytest

from fmnist.exercises.expect import Claim, expect


@pytest.mark.parametrize("seed", [371])
def test_the_picture_decides(answer, seed):
    """Different images give different outputs, and the same image the same one."""
    images = np.random.default_rng(seed).random((8, 28, 28, 1), dtype=np.float32)
    model = expect(answer).is_model().value
    claim = Claim(model.predict(images), call="small_cnn().predict(images)")
    claim.is_array(8, 10, dtype="float32", idea="One row per image, one column per class.")
    spread = claim.value.std(axis=0).max()
    claim.holds(
        spread > 0, "outputs that differ", "The outputs must depend on the image.", got="equal rows"
    )
    again = Claim(model.predict(images), call="small_cnn().predict(images), once more")
    again.is_close(
        claim.value,
        tolerance=1e-5,
        idea="Prediction is not random: the same image, the same logits.",
    )


def test_everything_can_be_trained(answer):
    """No layer with weights is frozen (batch normalisation keeps its running statistics)."""
    facts = Claim(expect(answer).is_model().value.facts(), call="small_cnn()")
    frozen = [layer["name"] for layer in facts.value["layers"] if not layer["config"]["trainable"]]
    facts.holds(
        frozen == [] and facts.value["trainable_parameters"] > 0,
        "layers that can be trained",
        "A frozen layer stays as random as it began: leave trainable as it is.",
        got=f"frozen layers {frozen}",
    )
