"""Public checks of drop_interval."""

import numpy as np
import pytest

from fmnist.exercises.expect import Claim, expect

THREE = "Return the loss and both ends of its interval, in this order, as floats."
LOSS = (
    "The loss is the accuracy on plain images minus that on changed ones. It is negative if the "
    "change made more images right than wrong."
)
PAIRED = (
    "Each changed image belongs to a plain one. Draw images, with both their answers: an image "
    "that is right both times, or wrong both times, says nothing about the change."
)
REPLACED = (
    "A draw stands for other images that might have been in the sample. Without replacement it "
    "holds the same images in another order, and always the same loss."
)
DRAWS = (
    "More draws show the spread of the loss more smoothly; they do not make it smaller. Only more "
    "images would do that."
)
PERCENTILES = (
    "Of 100 draws, 95 lie within a 95 % interval. What is left over is shared by both ends: 2.5 "
    "below and 2.5 above."
)
SEEDED = "The seed fixes the draws, so that everybody gets the same interval from the same answers."
ENDS = "An interval is read from its lower end to its upper end."


def network(seed, images, lost):
    """Return right and wrong on plain images and on changed ones, for a share that is lost."""
    draw = np.random.default_rng(seed)
    plain = draw.random(images) < 0.9
    return plain, plain & (draw.random(images) >= lost)


def drop_and_ends(answer, plain, changed, **options):
    """Return claims about the loss and about the interval, both of the right kind and range."""
    claim = expect(answer, plain, changed, **options).is_tuple(3, idea=THREE)
    for number in claim.value:
        Claim(number, call=f"one number of {claim.call}").is_float()
    drop, *ends = claim.value
    interval = Claim(ends, call=f"interval of {claim.call}").lies_in(-1, 1, idea=LOSS)
    interval.holds(ends[0] <= ends[1], "a lower end and then an upper end", ENDS)
    return Claim(drop, call=f"loss of {claim.call}").lies_in(-1, 1, idea=LOSS), interval


@pytest.mark.parametrize(
    ("plain", "changed", "expected"),
    [
        pytest.param([True, True, False, True], [True, False, False, False], 0.5, id="a loss"),
        pytest.param([True, False, False, False], [True, True, True, False], -0.5, id="a gain"),
    ],
)
def test_loss_by_hand(answer, plain, changed, expected):
    """The loss is the accuracy on plain images minus that on changed ones."""
    drop, _ = drop_and_ends(answer, np.array(plain), np.array(changed))
    drop.is_close(expected, tolerance=1e-9, idea=LOSS)


def test_images_stay_with_their_changed_versions(answer):
    """Every image that was right stays right, and every wrong one wrong: nothing is uncertain."""
    plain, _ = network(3, 200, 0.0)
    _, interval = drop_and_ends(answer, plain, plain)
    interval.is_close([0.0, 0.0], tolerance=1e-9, idea=PAIRED)


def test_draws_differ(answer):
    """A fifth of 200 images is lost: other images would give other losses."""
    _, interval = drop_and_ends(answer, *network(4, 200, 0.2))
    low, high = interval.value
    interval.holds(high > low, "two ends that differ", REPLACED)


def test_more_draws_do_not_narrow_the_interval(answer):
    """2,000 draws give an interval about as wide as 200 draws do."""
    plain, changed = network(5, 200, 0.2)
    _, few = drop_and_ends(answer, plain, changed, draws=200)
    _, many = drop_and_ends(answer, plain, changed, draws=2000)
    narrow, wide = few.value[1] - few.value[0], many.value[1] - many.value[0]
    many.holds(
        0.75 * narrow < wide < 1.33 * narrow,
        f"about as wide as {few.value}, which is from 200 draws",
        DRAWS,
    )


@pytest.mark.parametrize(
    ("seed", "idea"),
    [pytest.param(0, PERCENTILES, id="seed 0"), pytest.param(68, SEEDED, id="seed 68")],
)
def test_agrees_with_draws_made_one_by_one(answer, seed, idea):
    """The ends are percentiles of the losses of all draws, made with the given seed."""
    plain, changed = network(6, 150, 0.3)
    lost = (plain.astype(int) - changed.astype(int)).tolist()
    picked = np.random.default_rng(seed).integers(0, 150, (400, 150))
    losses = sorted(sum(lost[image] for image in row) / 150 for row in picked.tolist())
    # np.percentile interpolates between the draws number 9 and 10, and 389 and 390, from 0.
    ends = [losses[9] + 0.975 * (losses[10] - losses[9])]
    ends.append(losses[389] + 0.025 * (losses[390] - losses[389]))
    _, interval = drop_and_ends(answer, plain, changed, draws=400, seed=seed)
    interval.is_close(ends, tolerance=1e-9, idea=idea)
