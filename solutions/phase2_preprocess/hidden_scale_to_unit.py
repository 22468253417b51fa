"""Hidden checks of scale_to_unit."""

import random

import pytest

from fmnist.exercises.expect import expect

FLOATS = "One float for each pixel, in nested lists of the sizes that came in."
FIXED = "The scale ends at `white`, whatever the largest of these pixels is."


@pytest.mark.parametrize(
    ("seed", "count", "white"), [(211, 3, 255), (212, 1, 1), (213, 2, 4095), (214, 5, 255)]
)
def test_agrees_with_the_reference(answer, reference, seed, count, white):
    """With other numbers of bits, and of images (none, too), the numbers are the reference's."""
    draw = random.Random(seed)
    most = max(1, white // 2)  # no pixel is white, unless there are two grey values only
    images = [[[draw.randint(0, most) for _ in range(4)] for _ in range(6)] for _ in range(count)]
    claim = expect(answer, images, white=white).is_table(count, 6, 4, of=float, idea=FLOATS)
    claim.is_close(reference(images, white=white), tolerance=1e-12, idea=FIXED)
    expect(answer, [], white=white).equals([], idea=FLOATS)
