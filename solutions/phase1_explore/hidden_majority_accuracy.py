"""Hidden checks of majority_accuracy."""

import random

import pytest

from fmnist.exercises.expect import Claim, expect

PAIR = "Return two things in this order: the class that is always answered, and its accuracy."
TRAINING = "The training labels alone choose the answer; of equal counts the lowest class."
SHARE = "An accuracy is a share of the judged images: right answers divided by all, with /."


@pytest.mark.parametrize(
    ("seed", "tied"), [(14, False), (15, True), (16, False), (17, True)], ids=str
)
def test_agrees_with_the_reference(answer, reference, seed, tied):
    """On other labels, with and without ties, class and accuracy are those of the reference."""
    draw = random.Random(seed)
    train_labels = [draw.randrange(10) for _ in range(150)]
    if tied:  # all ten classes equally frequent: a tie of ten
        train_labels = list(range(10)) * 12
        draw.shuffle(train_labels)
    labels = [draw.choice([0, 1, 5, 5, 9]) for _ in range(draw.randrange(50, 90))]
    claim = expect(answer, train_labels, labels).is_tuple(2, idea=PAIR)
    expected, share = reference(train_labels, labels)
    Claim(claim.value[0], call=claim.call).is_int(idea=PAIR).equals(expected, idea=TRAINING)
    accuracy = Claim(claim.value[1], call=claim.call).is_float(idea=SHARE)
    accuracy.is_close(share, tolerance=1e-12, idea=SHARE)
