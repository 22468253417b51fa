"""Public checks of compiled_classifier."""

import math

import numpy as np
import pytest

from fmnist.exercises.expect import Claim, expect

LOGITS = (
    "The outputs are logits, which the loss must be told (from_logits): otherwise it takes them "
    "for probabilities."
)


def batch(seed, count):
    """Return random images, float32 (count, 28, 28, 1) in [0, 1], and labels from 0 to 9."""
    draw = np.random.default_rng(seed)
    images = draw.random((count, 28, 28, 1), dtype=np.float32)
    return images, draw.integers(0, 10, count, dtype=np.uint8)


def cross_entropy(logits, labels):
    """Return the mean cross-entropy in nats, one image and one class at a time."""
    total = 0.0
    for row, label in zip(logits.tolist(), labels.tolist(), strict=True):
        largest = max(row)
        total += largest + math.log(sum(math.exp(x - largest) for x in row)) - row[label]
    return total / len(labels)


def test_is_a_linear_classifier_with_logits(answer):
    """One dense layer without activation looks at all 784 pixels."""
    model = expect(answer).is_model().value
    facts = Claim(model.facts(), call="compiled_classifier()")
    last = facts.value["layers"][-1]
    activation = last["config"].get("activation")
    facts.holds(
        facts.value["parameters"] == 28 * 28 * 10 + 10,
        "7,850 parameters",
        "One dense layer: a weight for each pixel and class, and a bias for each class.",
        got=f"{facts.value['parameters']:,} parameters",
    )
    facts.holds(
        last["class"] == "Dense" and activation == "linear",
        "a Dense layer without activation at the end",
        "The model gives logits; the loss applies the softmax.",
        got=f"{last['class']} with activation {activation}",
    )


def test_loss_is_the_cross_entropy_of_logits(answer):
    """The loss that the model reports is the one computed by hand from its outputs."""
    images, labels = batch(2, 32)
    model = expect(answer).is_model().value
    logits = Claim(model.predict(images), call="compiled_classifier().predict(images)")
    logits.is_array(32, 10, dtype="float32", idea="One row per image, one column per class.")
    expected = cross_entropy(logits.value, labels)
    reported = model.evaluate(images, labels)
    claim = Claim(reported["loss"], call="loss of compiled_classifier() on 32 images")
    claim.is_close(expected, tolerance=1e-3 * max(1, expected), idea=LOGITS)


def test_reports_accuracy(answer):
    """Accuracy is among the metrics."""
    images, labels = batch(3, 16)
    reported = Claim(
        expect(answer).is_model().value.evaluate(images, labels),
        call="metrics of compiled_classifier()",
    )
    reported.holds(
        "accuracy" in reported.value,
        "a metric called accuracy",
        'Its name must be accuracy: pass metrics=["accuracy"], with the keyword.',
        got=", ".join(reported.value),
    )


@pytest.mark.parametrize("learning_rate", [0.001, 0.03])
def test_uses_adam_at_the_given_rate(answer, learning_rate):
    """The optimiser is Adam, with the learning rate that was asked for."""
    facts = expect(answer, learning_rate=learning_rate).is_model().value.facts()
    optimizer = Claim(facts["optimizer"], call=f"compiled_classifier({learning_rate}).optimizer")
    optimizer.holds(
        optimizer.value is not None,
        "an optimiser",
        "Compile the model before you return it.",
        got="a model that is not compiled",
    )
    optimizer.holds(
        optimizer.value["name"] == "Adam",
        "Adam",
        "Pass optimizer=keras.optimizers.Adam(learning_rate).",
        got=optimizer.value["name"],
    )
    rate = Claim(optimizer.value["config"]["learning_rate"], call=optimizer.call)
    rate.is_float(idea="Give Adam the number itself, not a schedule.")
    rate.is_close(
        learning_rate, tolerance=1e-6, idea="Give the optimiser the rate, not only its name."
    )
