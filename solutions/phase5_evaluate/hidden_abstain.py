"""Hidden checks of abstain."""

import random

import pytest

from fmnist.exercises.expect import expect, expect_error


def images(draw, count):
    """Return confidences, many of them equal, and whether the network is right."""
    confidence = [round(draw.uniform(0.2, 0.99), 1 + draw.randrange(2)) for _ in range(count)]
    return confidence, [draw.random() < 0.3 + 0.6 * one for one in confidence]


@pytest.mark.parametrize("seed", [581, 582, 583, 584])
def test_agrees_with_the_reference(answer, reference, seed):
    """On other images, many as sure as others, all three numbers are those of the reference."""
    draw = random.Random(seed)
    validation, test = images(draw, 120), images(draw, 90)
    for target in (0.0, 0.7, 0.85):
        try:
            expected = reference(*validation, *test, target)
        except ValueError:
            expect_error(
                answer,
                *validation,
                *test,
                target,
                error=ValueError,
                idea="No threshold meets the target.",
            )
            continue
        claim = expect(answer, *validation, *test, target)
        claim.is_tuple(3, idea="Return the threshold, the coverage and the accuracy.")
        claim.is_close(
            expected,
            tolerance=1e-9,
            idea="The lowest threshold that meets the target on validation images; images of equal "
            "confidence are answered together.",
        )
