"""Hidden checks of class_scores."""

import random

import pytest

from fmnist.exercises.expect import Claim, expect


@pytest.mark.parametrize("seed", [531, 532, 533])
def test_agrees_with_the_reference(answer, reference, seed):
    """On matrices with empty rows and columns, all scores are those of the reference."""
    draw = random.Random(seed)
    classes = draw.randrange(2, 11)
    matrix = [[draw.randrange(0, 20) for _ in range(classes)] for _ in range(classes)]
    matrix[draw.randrange(classes)] = [0] * classes  # a class without images
    never = draw.randrange(classes)  # a class that is never called
    for row in matrix:
        row[never] = 0
    scores, macro = reference(matrix)
    claim = expect(answer, matrix)
    claim.is_tuple(2, idea="Return the scores of all classes and the macro average of F1.")
    each = Claim(claim.value[0], call=f"scores of {claim.call}")
    each.is_table(classes, of=tuple, idea="Each class has a tuple of its own.")
    each.is_close(
        scores,
        tolerance=1e-9,
        idea="Recall runs along rows, precision down columns; what has nothing to divide by is 0.",
    )
    average = Claim(claim.value[1], call=f"macro average of {claim.call}").is_float()
    average.is_close(macro, tolerance=1e-9, idea="Every class counts the same in the average.")
