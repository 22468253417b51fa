"""Public checks of paired_gain."""

import random

import pytest

from fmnist.exercises.expect import Claim, expect

PAIR = "Return the gain and its standard error, in this order."
GAIN = (
    "The gain is the accuracy of B minus the accuracy of A, both on all images: an image on which "
    "they agree counts as 0, and it counts."
)
PAIRED = (
    "Both models saw the same images, so work with one difference per image; where they agree it "
    "is 0, which adds little to the error."
)
MEAN = (
    "The gain is a mean, and a mean is known better the more images there are: its error is the "
    "deviation of the differences over the square root of their number."
)
SAMPLE = (
    "The mean was computed from the same differences and lies closer to them than the true one "
    "does. Dividing by n - 1 makes up for it."
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
    ("correct_a", "correct_b", "gain"),
    [
        pytest.param([True, False, False, True], [True, True, False, True], 0.25, id="one in four"),
        pytest.param([True, True], [False, False], -1.0, id="always worse"),
        pytest.param([False, False, True], [True, False, True], 1 / 3, id="one in three"),
    ],
)
def test_gain_is_a_share_of_all_images(answer, correct_a, correct_b, gain):
    """The gain is the accuracy of B minus the accuracy of A."""
    found, _ = gain_and_error(answer, correct_a, correct_b)
    found.is_close(gain, tolerance=1e-9, idea=GAIN)


def test_images_on_which_both_agree_add_little(answer):
    """Of 1,000 images both get 690 right and 300 wrong: only the other 10 are uncertain."""
    pairs = [(True, True)] * 690 + [(False, False)] * 300 + [(False, True)] * 10
    random.Random(6).shuffle(pairs)
    gain, error = gain_and_error(answer, [a for a, _ in pairs], [b for _, b in pairs])
    gain.is_close(0.01, tolerance=1e-9, idea=GAIN)
    error.holds(error.value < 0.05, "an error of a mean over 1,000 images, well below 0.05", MEAN)
    error.lies_in(0.003, 0.0033, idea=PAIRED)


def test_error_is_that_of_a_mean(answer):
    """Differences of 0, 1, 0 and 0 have the deviation 0.5, and their mean the error 0.25."""
    _, error = gain_and_error(answer, [True, False, False, True], [True, True, False, True])
    error.is_close(0.25, tolerance=1e-9, idea=SAMPLE)
    _, error = gain_and_error(answer, [True, False], [True, False])
    error.is_close(0.0, tolerance=1e-9, idea=PAIRED)


def test_swapping_the_models_turns_the_sign(answer):
    """B against A is A against B with the other sign and the same error."""
    draw = random.Random(7)
    correct_a = [draw.random() < 0.8 for _ in range(60)]
    correct_b = [draw.random() < 0.9 for _ in range(60)]
    gain, error = gain_and_error(answer, correct_a, correct_b)
    back, back_error = gain_and_error(answer, correct_b, correct_a)
    back.is_close(-gain.value, tolerance=1e-9, idea=GAIN)
    back_error.is_close(error.value, tolerance=1e-9, idea=PAIRED)
