"""Hidden checks of majority_baseline."""

import random

import pytest

from fmnist.exercises.expect import Claim, expect


@pytest.mark.parametrize("seed", [231, 232, 233, 234])
def test_agrees_with_the_reference(answer, reference, seed):
    """On other labels, with large class numbers and ties, both parts are the reference's."""
    draw = random.Random(seed)
    classes = draw.sample(range(1000), 6)
    # Four classes with the same count, two that are rarer.
    train_labels = classes[:4] * 30 + classes[4:] * 20
    draw.shuffle(train_labels)
    labels = [draw.choice(classes) for _ in range(97)]
    claim = expect(answer, train_labels, labels)
    claim.is_tuple(2, idea="Return the class and the accuracy, in this order.")
    majority, accuracy = reference(train_labels, labels)
    found = Claim(claim.value[0], call=f"class of {claim.call}").is_int()
    found.equals(majority, idea="Of several most frequent classes, take the smallest.")
    found = Claim(claim.value[1], call=f"accuracy of {claim.call}").is_float()
    found.is_close(
        accuracy, tolerance=1e-12, idea="The share of `labels` that equal the class of training."
    )
