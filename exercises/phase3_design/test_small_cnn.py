"""Public checks of small_cnn."""

import numpy as np

from fmnist.exercises.expect import Claim, expect

BUDGET = 30_000
LOGITS = (
    "Logits are any real numbers. A softmax or ReLU after the last layer throws information away "
    "that the loss needs."
)


def facts_of(answer):
    """Return a claim about what is true of the model without running it."""
    model = expect(answer).is_model().value
    return Claim(model.facts(), call="small_cnn()")


def says(facts, key):
    """Return a claim about one fact, worded as the student would look it up."""
    return Claim(facts.value[key], call=f"{key} of small_cnn()")


def test_takes_images_and_gives_ten_numbers(answer):
    """Images of 28 by 28 pixels with one channel go in, ten numbers come out."""
    facts = facts_of(answer)
    says(facts, "input_shape").equals(
        [None, 28, 28, 1], idea="The channel is an axis of its own, also when there is one."
    )
    says(facts, "output_shape").equals([None, 10], idea="One number for each of ten classes.")


def test_convolves(answer):
    """At least one layer is a convolution that sees more than one pixel at a place."""
    facts = facts_of(answer)
    layers = facts.value["layers"]
    kernels = [one["config"]["kernel_size"] for one in layers if one["class"] == "Conv2D"]
    facts.holds(
        kernels != [],
        "a keras.layers.Conv2D directly in the model",
        "A convolution looks at neighbouring pixels with the same weights everywhere.",
        got=f"layers {', '.join(one['class'] for one in layers)}",
    )
    facts.holds(
        any(max(kernel) > 1 for kernel in kernels),
        "a kernel larger than 1 by 1",
        "A kernel of one pixel mixes the channels of that pixel and sees none of its neighbours: "
        "whether a pixel belongs to an edge, it cannot know.",
        got=f"kernels of {' and '.join(f'{rows} by {columns}' for rows, columns in kernels)}",
    )


def test_stays_in_the_budget(answer):
    """There are at most 30,000 parameters."""
    facts = facts_of(answer)
    parameters = says(facts, "parameters")
    parameters.holds(
        parameters.value <= BUDGET,
        f"at most {BUDGET:,}",
        "Most parameters sit in the dense layer after the last map: inputs times outputs. Make "
        "the map smaller first.",
        got=f"{parameters.value:,}",
    )


def test_nothing_follows_the_last_layer(answer):
    """The last layer is dense and has no activation, and the model is not compiled."""
    facts = facts_of(answer)
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


def test_outputs_are_logits(answer):
    """Some outputs are negative, and they do not add up to 1."""
    images = np.random.default_rng(3).random((64, 28, 28, 1), dtype=np.float32)
    model = expect(answer).is_model().value
    claim = Claim(model.predict(images * 4 - 2), call="small_cnn().predict(images)")
    claim.is_array(64, 10, dtype="float32", idea="One row per image, one column per class.")
    claim.holds(claim.value.min() < 0, "some negative numbers", LOGITS)
    sums = claim.value.sum(axis=1)
    claim.holds(abs(sums - 1).max() > 1e-3, "rows that do not add up to 1", LOGITS)
