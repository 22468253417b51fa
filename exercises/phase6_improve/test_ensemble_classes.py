"""Public checks of ensemble_classes."""

import random

import pytest

from fmnist.exercises.expect import expect

CLASS = "One class for each image, as an int: its position in the row of probabilities."
SURE = (
    "A vote counts a member in doubt as much as one that is sure. The mean of the probabilities "
    "keeps what each member knows."
)
NO_QUANTITY = (
    "Classes have numbers, but are no quantities: between T-shirt (0) and shirt (6) there is "
    "no coat (4). Average probabilities, and choose the class at the end."
)
ALL_HEARD = (
    "An ensemble helps because errors of single members cancel. If the surest member decides "
    "alone, its errors stay."
)
NO_VETO = (
    "Members that learnt from the same images are no independent witnesses. In a mean, one member "
    "that rules a class out is outvoted; in a product, its zero is a veto."
)
TIE = "A rule must say what happens when two classes are equal; here, and in NumPy, the first wins."


def classes(answer, members):
    """Return a claim about one class for each image, of the right kind and range."""
    claim = expect(answer, members).is_table(len(members[0]), of=int, idea=CLASS)
    return claim.lies_in(0, len(members[0][0]) - 1, idea=CLASS)


def sixteenths(*rows):
    """Return rows of probabilities from whole numbers of sixteenths, which floats hold exactly."""
    return [[number / 16 for number in row] for row in rows]


@pytest.mark.parametrize(
    ("members", "expected", "idea"),
    [
        pytest.param(
            [sixteenths([10, 4, 2], [2, 4, 10]), sixteenths([8, 4, 4], [4, 0, 12])],
            [0, 2],
            CLASS,
            id="two members that agree",
        ),
        pytest.param(
            [sixteenths([4, 10, 2], [16, 0, 0], [3, 3, 10])], [1, 0, 2], CLASS, id="one member"
        ),
        pytest.param(
            [sixteenths([2, 7, 7]), sixteenths([2, 7, 7])], [1], TIE, id="two equal classes"
        ),
    ],
)
def test_members_that_agree(answer, members, expected, idea):
    """Where all members prefer the same class, so does the ensemble; of equal ones the first."""
    classes(answer, members).equals(expected, idea=idea)


def test_nothing_lies_between_two_classes(answer):
    """One member says T-shirt, two say shirt, and nobody speaks of a coat."""
    members = [
        sixteenths([10, 0, 0, 0, 0, 0, 6, 0, 0, 0]),
        sixteenths([5, 0, 0, 0, 0, 0, 11, 0, 0, 0]),
        sixteenths([4, 0, 0, 0, 0, 0, 12, 0, 0, 0]),
    ]
    classes(answer, members).equals([6], idea=NO_QUANTITY)


def test_one_sure_member_against_two_in_doubt(answer):
    """Two members lean towards class 1, and a third is certain of class 0."""
    members = [sixteenths([7, 9]), sixteenths([7, 9]), sixteenths([16, 0])]
    classes(answer, members).equals([0], idea=SURE)


def test_the_surest_does_not_decide_alone(answer):
    """One member is a little surer of class 0 than each of two others is of class 1."""
    members = [sixteenths([11, 5]), sixteenths([6, 10]), sixteenths([6, 10])]
    classes(answer, members).equals([1], idea=ALL_HEARD)


def test_nobody_has_a_veto(answer):
    """Two members are nearly sure of class 0, which a third one rules out."""
    members = [sixteenths([14, 1, 1]), sixteenths([14, 1, 1]), sixteenths([0, 8, 8])]
    classes(answer, members).equals([0], idea=NO_VETO)


@pytest.mark.parametrize("seed", [66, 67])
def test_agrees_with_averages_worked_out_slowly(answer, seed):
    """Five members, fifty images, ten classes, with ties: class by class, image by image."""
    draw = random.Random(seed)
    members = [
        sixteenths(*(_row(draw.choices(range(10), k=16)) for _ in range(50))) for _ in range(5)
    ]
    expected = []
    for image in range(50):
        best = 0
        for one in range(1, 10):
            if _total(members, image, one) > _total(members, image, best):
                best = one
        expected.append(best)
    claim = classes(answer, members)
    pairs = zip(claim.value, expected, strict=True)
    for image, (found, wanted) in enumerate(pairs):
        means = [_total(members, image, one) / 5 for one in range(10)]
        claim.holds(
            found == wanted,
            f"class {wanted}",
            TIE,
            got=f"class {found} for image {image}, whose mean probabilities are {means}",
        )


def _row(drawn):
    return [drawn.count(one) for one in range(10)]


def _total(members, image, one):
    return sum(member[image][one] for member in members)
