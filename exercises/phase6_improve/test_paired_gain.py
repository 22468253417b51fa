"""Public checks of exercise 6.1."""

import random

import pytest

from fmnist.exercises.expect import Claim, expect

PAIR = "Return the gain and its standard error, in this order."
GAIN = "The gain is the accuracy of B minus the accuracy of A, as a fraction."
PAIRED = (
    "Both models saw the same images, so work with one difference per image; where they agree it "
    "is 0, which adds little to the error. Use the standard deviation with n - 1."
)


def gain_and_error(answer, correct_a, correct_b):
    """Return claims about both numbers of the answer."""
    claim = expect(answer, correct_a, correct_b).is_tuple(2, idea=PAIR)
    gain, error = claim.value
    return (
        Claim(gain, call=f"gain of {claim.call}").is_float(),
        Claim(error, call=f"error of {claim.call}").is_float(),
    )


@pytest.mark.parametrize(
    ("correct_a", "correct_b", "gain", "error"),
    [
        pytest.param(
            [True, False, False, True], [True, True, False, True], 0.25, 0.25, id="worked by hand"
        ),
        pytest.param([True, False], [True, False], 0.0, 0.0, id="the same model twice"),
        pytest.param([True, True], [False, False], -1.0, 0.0, id="always worse"),
    ],
)
def test_small_cases(answer, correct_a, correct_b, gain, error):
    """Cases that can be worked on paper come out."""
    found_gain, found_error = gain_and_error(answer, correct_a, correct_b)
    found_gain.is_close(gain, tolerance=1e-9, idea=GAIN)
    found_error.is_close(error, tolerance=1e-9, idea=PAIRED)


def test_images_on_which_both_agree_add_little(answer):
    """Of 1,000 images both get 690 right and 300 wrong: only the other 10 are uncertain."""
    pairs = [(True, True)] * 690 + [(False, False)] * 300 + [(False, True)] * 10
    random.Random(6).shuffle(pairs)
    gain, error = gain_and_error(answer, [a for a, _ in pairs], [b for _, b in pairs])
    gain.is_close(0.01, tolerance=1e-9, idea=GAIN)
    error.lies_in(0.003, 0.0033, idea=PAIRED)


def test_swapping_the_models_turns_the_sign(answer):
    """B against A is A against B with the other sign and the same error."""
    draw = random.Random(7)
    correct_a = [draw.random() < 0.8 for _ in range(60)]
    correct_b = [draw.random() < 0.9 for _ in range(60)]
    gain, error = gain_and_error(answer, correct_a, correct_b)
    back, back_error = gain_and_error(answer, correct_b, correct_a)
    back.is_close(-gain.value, tolerance=1e-9, idea=GAIN)
    back_error.is_close(error.value, tolerance=1e-9, idea=PAIRED)
