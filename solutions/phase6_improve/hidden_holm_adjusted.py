"""Hidden checks of holm_adjusted."""

import random

import pytest

from fmnist.exercises.expect import expect

LIST = "One adjusted p value for each comparison, as a float in a list, in the order given."
HOLM = "Times the comparisons still open, never falling, and at most 1."


@pytest.mark.parametrize("seed", [631, 632, 633])
def test_agrees_with_the_reference(answer, reference, seed):
    """For 1 to 40 comparisons, with ties, zeros and ones, numbers are those of the reference."""
    draw = random.Random(seed)
    for comparisons in (1, 2, 3, 7, 40):
        some = [draw.random() ** 6 for _ in range(comparisons)]
        p_values = [draw.choice([one, some[0], 0.0, 1.0, one]) for one in some]
        claim = expect(answer, p_values).is_table(comparisons, of=float, idea=LIST)
        claim.is_close(reference(p_values), tolerance=1e-9, idea=HOLM)
