"""Public checks of ensemble_model."""

import math

import numpy as np

from fmnist.exercises.expect import Claim, expect

ONE_INPUT = (
    "An ensemble is asked about one image, which all members look at: make one keras.Input and "
    "give it to each of them."
)
ALL_WEIGHTS = (
    "An ensemble keeps its members whole, and costs as much as all of them. Averaged weights "
    "belong to no network: unit 3 of one member has nothing to do with unit 3 of another."
)
PROBABILITIES = (
    "Each member gives probabilities that add up to 1, so their mean does, too. A sum of the "
    "members adds up to their number, and logits to anything."
)
SOFTMAX_FIRST = (
    "A logit has no scale that two networks share: averaged before the softmax, the member with "
    "the largest logits drowns the others. Each member needs a softmax of its own."
)


def members_of(seed, hidden):
    """Return random weights, one member for each number of hidden units."""
    draw = np.random.default_rng(seed)
    return [
        tuple(
            draw.normal(0, 1, shape).astype(np.float32)
            for shape in ((49, units), (units,), (units, 10), (10,))
        )
        for units in hidden
    ]


def constant(logits):
    """Return the weights of a member that gives these logits to every image."""
    shapes = ((49, 2), (2,), (2, 10))
    zeros = (np.zeros(shape, dtype=np.float32) for shape in shapes)
    return (*zeros, np.array(logits, dtype=np.float32))


def softmax(logits):
    """Return the softmax of a list of numbers, in plain Python."""
    powers = [math.exp(logit - max(logits)) for logit in logits]
    return [power / sum(powers) for power in powers]


def stated(weights, image):
    """Return the probabilities of one member for one image of 28 by 28 pixels, slowly."""
    kernel, bias, last_kernel, last_bias = (part.astype(float) for part in weights)
    blocks = [image[r : r + 4, c : c + 4].mean() for r in range(0, 28, 4) for c in range(0, 28, 4)]
    hidden = [max(0.0, sum(blocks * kernel[:, unit]) + bias[unit]) for unit in range(len(bias))]
    return softmax([float(sum(hidden * last_kernel[:, c]) + last_bias[c]) for c in range(10)])


def predicted(answer, members, images):
    """Ask the ensemble of some members about some images, and return a claim about the reply."""
    handle = expect(answer, members).is_model().value
    claim = Claim(handle.predict(images), call="ensemble_model(members).predict(images)")
    claim.is_array(len(images), 10, dtype="float32", idea=PROBABILITIES)
    claim.lies_in(0, 1 + 1e-5, idea=PROBABILITIES)
    sums = claim.value.sum(axis=1, dtype=float)
    return claim.holds(
        abs(sums - 1).max() < 1e-4,
        "rows that add up to 1",
        PROBABILITIES,
        got=f"rows that add up to {sums.round(3).tolist()}",
    )


def test_one_image_goes_in_and_ten_numbers_come_out(answer):
    """The ensemble has one input and one output, like each of its members."""
    facts = expect(answer, members_of(1, hidden=(4, 4))).is_model().value.facts()
    taken = Claim(facts["input_shape"], call="input_shape of ensemble_model(members)")
    taken.equals([None, 28, 28, 1], idea=ONE_INPUT)
    given = Claim(facts["output_shape"], call="output_shape of ensemble_model(members)")
    given.equals([None, 10], idea="One probability for each of ten classes.")


def test_holds_the_weights_of_all_members(answer):
    """Its parameters are those of all members together."""
    members = members_of(2, hidden=(5, 5, 5))
    expected = sum(part.size for weights in members for part in weights)
    facts = expect(answer, members).is_model().value.facts()
    found = Claim(facts["parameters"], call="parameters of ensemble_model(members)")
    found.equals(expected, idea=ALL_WEIGHTS)


def test_the_largest_logits_do_not_decide(answer):
    """Two members are fairly sure of shirts (6), and a third is beyond doubt about coats (4)."""
    fairly, beyond = [0.0] * 10, [0.0] * 10
    fairly[6], beyond[4] = 4.0, 30.0
    images = np.zeros((1, 28, 28, 1), dtype=np.float32)
    claim = predicted(answer, [constant(fairly), constant(fairly), constant(beyond)], images)
    one, other = softmax(fairly), softmax(beyond)
    expected = [(2 * a + b) / 3 for a, b in zip(one, other, strict=True)]
    claim.is_close([expected], tolerance=1e-4, idea=SOFTMAX_FIRST)


def test_agrees_with_means_worked_out_slowly(answer):
    """For random images, each probability is the mean of those of two different members."""
    members = members_of(3, hidden=(4, 6))
    images = np.random.default_rng(4).random((5, 28, 28, 1), dtype=np.float32)
    expected = []
    for image in images[..., 0].astype(float):
        rows = [stated(weights, image) for weights in members]
        expected.append([sum(column) / len(rows) for column in zip(*rows, strict=True)])
    claim = predicted(answer, members, images)
    claim.is_close(expected, tolerance=1e-4, idea=SOFTMAX_FIRST)
