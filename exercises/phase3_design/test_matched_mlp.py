"""Public checks of matched_mlp."""

import numpy as np
import pytest

from fmnist.exercises.expect import Claim, expect

SMALL_CNN = 38_506  # parameters of the network of this course
NEAREST = (
    "Count what one hidden unit costs: its weights from all pixels, its bias, and its weights to "
    "all classes. What is there whatever the width, the biases of the classes, is taken off first. "
    "Then take the nearest width; one unit too many may be nearer than one too few."
)
BENDS = (
    "Two dense layers with nothing between them are one: a weighted sum of weighted sums is a "
    "weighted sum. Only an activation between them makes the hidden layer worth its parameters."
)
LOGITS = (
    "Logits are any real numbers. A softmax or ReLU after the last layer throws information away "
    "that the loss needs."
)


def nearest(budget):
    """Return the count nearest to the budget, by counting layer by layer for every width."""
    counts = [(28 * 28 * width + width) + (width * 10 + 10) for width in range(1, 600)]
    return min(counts, key=lambda count: abs(count - budget))


def facts_of(answer, budget):
    """Return a claim about what is true of the model without running it."""
    claim = expect(answer, budget).is_model()
    return Claim(claim.value.facts(), call=claim.call)


def test_takes_images_and_gives_ten_numbers(answer):
    """Images of 28 by 28 pixels with one channel go in, ten numbers come out."""
    facts = facts_of(answer, SMALL_CNN)
    shapes = Claim(facts.value["input_shape"], call=f"input_shape of {facts.call}")
    shapes.equals([None, 28, 28, 1], idea="The channel is an axis of its own.")
    shapes = Claim(facts.value["output_shape"], call=f"output_shape of {facts.call}")
    shapes.equals([None, 10], idea="One number for each of ten classes.")


def test_two_dense_layers(answer):
    """One hidden dense layer and one for the logits, and no other layer with weights."""
    facts = facts_of(answer, SMALL_CNN)
    weighty = [layer for layer in facts.value["layers"] if layer["parameters"]]
    kinds = [layer["class"] for layer in weighty]
    facts.holds(
        kinds == ["Dense", "Dense"],
        "two Dense layers with parameters",
        "A multilayer perceptron has dense layers alone; here there is one hidden layer.",
        got=f"with parameters: {', '.join(kinds) or 'none'}",
    )
    last = facts.value["layers"][-1]
    activation = last["config"].get("activation")
    facts.holds(
        last["class"] == "Dense" and activation == "linear",
        "a Dense layer without activation at the end",
        LOGITS,
        got=f"{last['class']} with activation {activation}",
    )
    facts.holds(
        facts.value["optimizer"] is None,
        "a model that is not compiled",
        "Loss and optimiser are chosen in phase 4.",
        got="a compiled model",
    )


@pytest.mark.parametrize(
    "budget",
    [
        pytest.param(SMALL_CNN, id="small_cnn"),
        pytest.param(40_400, id="rounded up"),
        pytest.param(400_000, id="a wide layer"),
        # Between two widths, so near the middle that the biases of the classes decide.
        pytest.param(40_157, id="rounded down"),
    ],
)
def test_as_many_parameters(answer, budget):
    """No other width comes nearer to the budget."""
    facts = facts_of(answer, budget)
    parameters = Claim(facts.value["parameters"], call=f"parameters of {facts.call}")
    parameters.holds(
        parameters.value == nearest(budget),
        f"{nearest(budget):,}, the nearest to {budget:,}",
        NEAREST,
        got=f"{parameters.value:,}",
    )


def test_the_hidden_layer_bends(answer):
    """An image and its negative do not cancel out, as they would in a single dense layer."""
    images = np.random.default_rng(38).normal(0, 1, (16, 28, 28, 1)).astype(np.float32)
    zero = np.zeros((1, 28, 28, 1), dtype=np.float32)
    model = expect(answer, 40_000).is_model().value
    logits = Claim(
        model.predict(np.concatenate([images, -images, zero])),
        call="matched_mlp(40000).predict(images)",
    )
    logits.is_array(33, 10, dtype="float32", idea="One row per image, one column per class.")
    there, back, middle = logits.value[:16], logits.value[16:32], logits.value[32:]
    off = float(np.abs(there + back - 2 * middle).max())
    # In a single dense layer the sum is 0 but for the rounding of float32, some millionths.
    logits.holds(
        off > 1e-3,
        "logits of an image and of its negative that do not cancel out",
        BENDS,
        got=f"logits that cancel out to {off:.0e}",
    )
