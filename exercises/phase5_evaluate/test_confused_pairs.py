"""Public checks of confused_pairs."""

import random

from fmnist.exercises.expect import expect

TOPS = ["T-shirt/top", "Pullover", "Coat", "Shirt"]
TUPLES = "Return a list with a tuple of two names and a count for each pair."
BOTH = (
    "A pair has two cells, one on each side of the diagonal, and they differ: a shirt is not taken "
    "for a T-shirt as often as a T-shirt for a shirt. The mistakes of a pair are both together."
)
NO_DIAGONAL = "The diagonal holds what is right. A class is not confused with itself."
TIES = (
    "Pairs with equally many mistakes stand in the order of names, so that everybody gets the same "
    "list. Sorted backwards as a whole, a list of tuples turns its ties round as well."
)
NO_MISTAKE = "A pair without a mistake is not a confused one."
COUNT = "At most `count` pairs come back: the first ones, when all are in order."


def pairs_of(answer, matrix, names, count, expected):
    """Return a claim about the pairs, whose number and types are right."""
    claim = expect(answer, matrix, names, count=count)
    claim.holds(type(claim.value) is list, "a list", TUPLES)
    for pair in claim.value:
        types = [type(part) for part in pair] if type(pair) is tuple else None
        claim.holds(types == [str, str, int], "tuples of two names and an int", TUPLES)
    itself = [first for first, second, _ in claim.value if first == second]
    claim.holds(itself == [], "pairs of two different classes", NO_DIAGONAL)
    never = [pair for pair in claim.value if pair[2] == 0]
    claim.holds(never == [], "pairs with at least one mistake", NO_MISTAKE)
    found = len(claim.value)
    claim.holds(found <= count, f"at most {count} pairs", COUNT, got=f"{found} pairs")
    return claim.holds(
        found == expected,
        f"{expected} pair{'s' * (expected != 1)}",
        BOTH,
        got=f"{found} pair{'s' * (found != 1)}",
    )


def test_worked_by_hand(answer):
    """Two pairs have mistakes, and the one with more comes first."""
    matrix = [[9, 0, 0, 1], [0, 8, 3, 0], [0, 0, 9, 0], [0, 0, 0, 5]]
    claim = pairs_of(answer, matrix, TOPS, 9, 2)
    claim.equals([("Pullover", "Coat", 3), ("T-shirt/top", "Shirt", 1)], idea=BOTH)


def test_both_directions_belong_to_one_pair(answer):
    """Five T-shirts called shirts and two shirts called T-shirts are seven mistakes of one pair."""
    matrix = [[30, 0, 0, 5], [0, 40, 6, 0], [0, 0, 30, 0], [2, 0, 0, 20]]
    claim = pairs_of(answer, matrix, TOPS, 9, 2)
    claim.equals([("T-shirt/top", "Shirt", 7), ("Pullover", "Coat", 6)], idea=BOTH)


def test_ties_keep_the_order_of_the_names(answer):
    """With one mistake in every cell, the pairs stand in the order of the names."""
    matrix = [[9 if t == p else 1 for p in range(4)] for t in range(4)]
    claim = pairs_of(answer, matrix, TOPS, 4, 4)
    expected = [("T-shirt/top", name, 2) for name in TOPS[1:]]
    claim.equals([*expected, ("Pullover", "Coat", 2)], idea=TIES)


def test_no_mistake_no_pair(answer):
    """A network without mistakes has no confused pairs, and neither has a single class."""
    pairs_of(answer, [[3, 0], [0, 4]], ["Bag", "Dress"], 5, 0)
    pairs_of(answer, [[3]], ["Bag"], 5, 0)


def test_the_first_pairs_of_a_longer_list(answer):
    """A shorter list is the beginning of a longer one."""
    draw = random.Random(54)
    names = [f"class {k}" for k in range(10)]
    matrix = [[draw.randrange(1, 30) for _ in names] for _ in names]
    everything = pairs_of(answer, matrix, names, 45, 45)
    mistakes = [pair[2] for pair in everything.value]
    everything.holds(
        mistakes == sorted(mistakes, reverse=True) and sum(mistakes) == _off_diagonal(matrix),
        "falling numbers, which add up to all mistakes",
        BOTH,
        got=f"numbers of mistakes {mistakes}",
    )
    pairs_of(answer, matrix, names, 3, 3).equals(everything.value[:3], idea=COUNT)


def _off_diagonal(matrix):
    """Return how many images are not on the diagonal."""
    return sum(map(sum, matrix)) - sum(matrix[k][k] for k in range(len(matrix)))
