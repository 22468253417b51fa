"""Public checks of abstain."""

import pytest

from fmnist.exercises.expect import Claim, expect, expect_error

TRIPLE = "Return the threshold, the coverage and the accuracy, in this order."
LOWEST = (
    "The lowest threshold that meets the target answers the most images. An image whose confidence "
    "is exactly the threshold is answered."
)
VALIDATION = (
    "A threshold is chosen like everything else, on validation images. Chosen on the test images, "
    "it is fitted to their luck, and the accuracy measured on them is no measurement any more."
)
ANSWERED = (
    "The accuracy is that of the answers that are given: divide by the answered images. What is "
    "left to a person is neither right nor wrong."
)
SHARE = "The coverage is the share of all test images that are answered."
NOT_STEADY = (
    "A higher threshold does not always give a higher accuracy: one sure mistake is enough. A "
    "threshold may fail and a lower one still meet the target."
)
NO_ANSWER = "Who answers nothing is neither right nor wrong: there is no accuracy, which is None."
IMPOSSIBLE = "No threshold meets the target. To return one would be to promise what is not so."


def three(answer, *args, **kwargs):
    """Return claims about threshold, coverage and accuracy, the first two of them floats."""
    claim = expect(answer, *args, **kwargs).is_tuple(3, idea=TRIPLE)
    threshold, coverage, accuracy = (
        Claim(number, call=f"{name} of {claim.call}")
        for name, number in zip(("threshold", "coverage", "accuracy"), claim.value, strict=True)
    )
    return threshold.is_float(), coverage.is_float().lies_in(0, 1, idea=SHARE), accuracy


def share(claim):
    """Return a claim about an accuracy, which is a float in [0, 1]."""
    return claim.is_float().lies_in(0, 1, idea=ANSWERED)


def test_worked_by_hand(answer):
    """Of three validation images the two surest are right, and half of the test images as sure."""
    threshold, coverage, accuracy = three(
        answer, [0.5, 0.7, 0.9], [False, True, True], [0.6, 0.7], [False, True], target=1.0
    )
    threshold.is_close(0.7, tolerance=1e-12, idea=LOWEST)
    coverage.is_close(0.5, tolerance=1e-12, idea=f"{SHARE} {LOWEST}")
    share(accuracy).is_close(1.0, tolerance=1e-12, idea=ANSWERED)


def test_the_accuracy_is_of_what_is_answered(answer):
    """Two of ten test images are answered, one of them correctly."""
    confidence, correct = [0.9, 0.9, *[0.4] * 8], [True, False, *[True] * 8]
    threshold, coverage, accuracy = three(
        answer, [0.5, 0.8], [False, True], confidence, correct, target=0.75
    )
    threshold.is_close(0.8, tolerance=1e-12, idea=LOWEST)
    coverage.is_close(0.2, tolerance=1e-12, idea=SHARE)
    share(accuracy).is_close(0.5, tolerance=1e-12, idea=ANSWERED)


def test_the_threshold_comes_from_validation_images(answer):
    """On the test images another threshold would be better, and it must not be looked for."""
    threshold, coverage, accuracy = three(
        answer,
        [0.6, 0.7, 0.8, 0.9],
        [True, True, True, True],
        [0.6, 0.7, 0.8, 0.9],
        [False, False, True, True],
        target=0.9,
    )
    threshold.is_close(0.6, tolerance=1e-12, idea=VALIDATION)
    coverage.is_close(1.0, tolerance=1e-12, idea=VALIDATION)
    share(accuracy).is_close(0.5, tolerance=1e-12, idea=VALIDATION)


def test_one_sure_mistake_does_not_end_the_search(answer):
    """The second surest validation image is wrong, and four in five are right lower down."""
    threshold, coverage, accuracy = three(
        answer,
        [0.5, 0.6, 0.7, 0.8, 0.9, 0.95],
        [False, True, True, True, False, True],
        [0.55, 0.65, 0.99],
        [True, False, True],
        target=0.75,
    )
    threshold.is_close(0.6, tolerance=1e-12, idea=NOT_STEADY)
    coverage.is_close(2 / 3, tolerance=1e-12, idea=SHARE)
    share(accuracy).is_close(0.5, tolerance=1e-12, idea=ANSWERED)


def test_no_answer_no_accuracy(answer):
    """If no test image is sure enough, the coverage is 0 and the accuracy None."""
    threshold, coverage, accuracy = three(
        answer, [0.3, 0.8], [False, True], [0.4, 0.7], [True, True], target=0.9
    )
    threshold.is_close(0.8, tolerance=1e-12, idea=LOWEST)
    coverage.is_close(0.0, tolerance=1e-12, idea=SHARE)
    accuracy.holds(accuracy.value is None, "None", NO_ANSWER)


@pytest.mark.parametrize("target", [0.75, 1.0])
def test_a_target_out_of_reach_is_refused(answer, target):
    """If no threshold meets the target on the validation images, there is a ValueError."""
    # From the top on, every second one is right: at no threshold more than half.
    confidence = [0.9 - 0.01 * place for place in range(40)]
    correct = [place % 2 == 1 for place in range(40)]
    expect_error(
        answer, confidence, correct, [0.5], [True], target, error=ValueError, idea=IMPOSSIBLE
    )
