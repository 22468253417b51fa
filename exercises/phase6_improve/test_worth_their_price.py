"""Public checks of worth_their_price."""

import random

import pytest

from fmnist.exercises.expect import expect

NAMES = "Return the names of the models in a list."
FASTEST_FIRST = (
    "Price and accuracy rise together along the front. Listed by price, each model says what its "
    "extra seconds buy."
)
NO_RATIO = (
    "No exchange rate between seconds and accuracy is given. A dear model stays, as long as none "
    "that costs no more reaches its accuracy."
)
WORSE = "It costs more and gives less: whoever can have the other model has no use for it."
ALL = (
    "Compare with every model that costs no more, not only with the next cheaper one: that one may "
    "be a bad buy itself."
)
EQUAL = (
    "Nobody pays more for the same accuracy, and nobody takes less accuracy for the same price: "
    "being equal in one respect does not save a model that is worse in the other."
)
TWINS = "Two models that are equal in both respects: neither is better than the other in anything."


def front(answer, models):
    """Return a claim about the answer for models as (name, seconds, accuracy)."""
    names, seconds, accuracies = (list(column) for column in zip(*models, strict=True))
    claim = expect(answer, names, seconds, accuracies)
    texts = type(claim.value) is list and all(type(name) is str for name in claim.value)
    return claim.holds(texts, "a list of strings", NAMES)


def slow_front(models):
    """Return the names on the front, by the definition."""
    kept = []
    for name, seconds, accuracy in models:
        better = [
            (s < seconds and a >= accuracy) or (s <= seconds and a > accuracy) for _, s, a in models
        ]
        if True not in better:
            kept.append((seconds, name))
    return [name for _, name in sorted(kept, key=lambda model: model[0])]


def test_each_step_up_costs_more(answer):
    """Three models, each dearer and more accurate than the one before: all remain."""
    models = [("small_cnn", 60.0, 0.90), ("linear", 5.0, 0.84), ("mlp", 20.0, 0.88)]
    claim = front(answer, models)
    claim.holds(sorted(claim.value) == ["linear", "mlp", "small_cnn"], "all three models", NO_RATIO)
    claim.equals(["linear", "mlp", "small_cnn"], idea=FASTEST_FIRST)


def test_dearer_and_worse_goes(answer):
    """A model that costs more than another and is less accurate is superfluous."""
    models = [("linear", 5.0, 0.84), ("deep_cnn", 300.0, 0.92), ("wide_mlp", 400.0, 0.89)]
    front(answer, models).equals(["linear", "deep_cnn"], idea=WORSE)


def test_all_cheaper_models_are_compared(answer):
    """The third model beats the second, which is a bad buy, but not the first."""
    models = [("small_cnn", 60.0, 0.90), ("wide_mlp", 80.0, 0.86), ("deep_mlp", 90.0, 0.89)]
    front(answer, models).equals(["small_cnn"], idea=ALL)


@pytest.mark.parametrize(
    ("models", "expected"),
    [
        pytest.param([("slow", 90.0, 0.9), ("fast", 60.0, 0.9)], ["fast"], id="equal accuracy"),
        pytest.param([("mlp", 60.0, 0.88), ("cnn", 60.0, 0.9)], ["cnn"], id="equal price"),
    ],
)
def test_equal_in_one_respect(answer, models, expected):
    """Of two models that are equal in one respect, the other respect decides."""
    front(answer, models).equals(expected, idea=EQUAL)


def test_equal_in_both_respects(answer):
    """Of two models with the same price and accuracy both remain, in the order given."""
    models = [("seed 1", 60.0, 0.9), ("linear", 5.0, 0.84), ("seed 0", 60.0, 0.9)]
    front(answer, models).equals(["linear", "seed 1", "seed 0"], idea=TWINS)


@pytest.mark.parametrize("seed", [64, 65])
def test_agrees_with_the_definition(answer, seed):
    """Among thirty models with many equal prices and accuracies, the right ones remain."""
    draw = random.Random(seed)
    models = [
        (f"model {number}", float(draw.randrange(10, 30)), draw.randrange(80, 95) / 100)
        for number in range(30)
    ]
    front(answer, models).equals(slow_front(models), idea=EQUAL)
