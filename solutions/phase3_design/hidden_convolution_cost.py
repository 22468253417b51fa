"""Hidden checks of convolution_cost."""

import random

import pytest

from fmnist.exercises.expect import Claim, expect

PAIR = "Return the parameters and the multiplications, in this order."
WEIGHTS = "One block of weights and one bias for each map that comes out, shared by all places."
WORK = "Each weight is multiplied once at every place of the map that comes out."


@pytest.mark.parametrize("seed", [331, 332, 333])
def test_agrees_with_the_reference(answer, reference, seed):
    """On other layers both numbers are those of the reference."""
    draw = random.Random(seed)
    for _ in range(20):
        side, channels, kernel = draw.randint(1, 64), draw.randint(1, 64), draw.randint(1, 7)
        filters, stride = draw.randint(1, 128), draw.randint(1, 4)
        parameters, work = reference(side, channels, kernel, filters, stride=stride)
        claim = expect(answer, side, channels, kernel, filters, stride=stride)
        claim.is_tuple(2, idea=PAIR)
        Claim(claim.value[0], call=claim.call).is_int().equals(parameters, idea=WEIGHTS)
        Claim(claim.value[1], call=claim.call).is_int().equals(work, idea=WORK)
