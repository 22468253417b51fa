"""Public checks of warmup_cosine."""

import itertools

import pytest

from fmnist.exercises.expect import Claim, expect

# Rates are near 0.002 here, and a cosine is right to about 1e-16.
CLOSE = 1e-12
PEAK = 0.002
FLOAT = "A rate is one number, a float."
LINE = (
    "Before the first step nothing has risen; then equal steps add equal amounts, and when the "
    "warm-up is done the rate is the peak."
)
END = (
    "At the end the rate is 0: the last steps are the shortest, so the training comes to rest. The "
    "share of the way down must be 1 there."
)
HALFWAY = (
    "Half a cosine falls as much in the first half of the way down as in the second. Where the "
    "warm-up ends the way down begins: the share is 0 there."
)
SMOOTH = (
    "The line ends where the curve begins. A jump there would mean that the two parts do not count "
    "the same steps."
)


def rate(answer, step, steps, warmup, peak=PEAK):
    """Return a claim about the rate: a float from 0 to the peak."""
    claim = expect(answer, step, steps, peak, warmup).is_float(idea=FLOAT)
    return claim.holds(
        -CLOSE <= claim.value <= peak + CLOSE,
        f"a rate from 0 to {peak}",
        "The rate never leaves the range from 0 to its peak.",
    )


@pytest.mark.parametrize(
    ("step", "expected"),
    [
        pytest.param(0, 0.0, id="at the start"),
        pytest.param(1, 0.25 * PEAK, id="first step"),
        pytest.param(3, 0.75 * PEAK, id="last step but one"),
        pytest.param(4, PEAK, id="at its end"),
    ],
)
def test_the_warm_up_is_a_line(answer, step, expected):
    """A warm-up of four steps goes from 0 to the peak in four equal parts."""
    rate(answer, step, 20, 4).is_close(expected, tolerance=CLOSE, idea=LINE)


@pytest.mark.parametrize("warmup", [0, 4, 19])
def test_ends_at_0(answer, warmup):
    """When all steps are done the rate is 0, however long the warm-up was."""
    rate(answer, 20, 20, warmup).is_close(0.0, tolerance=CLOSE, idea=END)


@pytest.mark.parametrize(
    ("step", "warmup", "share"),
    [
        pytest.param(10, 0, 0.5, id="halfway without warm-up"),
        pytest.param(12, 4, 0.5, id="halfway after a warm-up"),
        pytest.param(10, 5, 0.75, id="a third of the way"),
        pytest.param(0, 0, 1.0, id="begins at the peak"),
    ],
)
def test_falls_along_half_a_cosine(answer, step, warmup, share):
    """Halfway down the rate is half the peak, a third of the way down three quarters of it."""
    rate(answer, step, 20, warmup).is_close(share * PEAK, tolerance=CLOSE, idea=HALFWAY)


def test_has_no_jump(answer):
    """From any step to the next the rate changes little, and it falls from the peak on."""
    rates = [rate(answer, step, 200, 40).value for step in range(201)]
    jump = max(abs(after - before) for before, after in itertools.pairwise(rates))
    claim = Claim(rates, call=f"warmup_cosine(step, 200, {PEAK}, 40) for step = 0 ... 200")
    claim.holds(
        jump < PEAK / 30,
        "changes below a thirtieth of the peak",
        SMOOTH,
        got=f"a change by {jump:.6f}",
    )
    falling = all(after < before for before, after in itertools.pairwise(rates[40:]))
    claim.holds(falling, "a rate that falls from step 40 on", HALFWAY, got="a rate that rises")
