"""Misconception: equal-in-one-is-no-loser

caught-by: test_equal_in_one_respect[equal accuracy]
says: being equal in one respect does not save a model
"""


def worth_their_price(names, seconds, accuracies):
    models = list(zip(names, seconds, accuracies, strict=True))
    kept = [
        (price, name)
        for name, price, accuracy in models
        if not any(other < price and value > accuracy for _, other, value in models)
    ]
    return [name for _, name in sorted(kept, key=lambda model: model[0])]
