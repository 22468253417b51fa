"""Misconception: equal-models-beat-each-other

caught-by: test_equal_in_both_respects
says: neither is better than the other
"""


def worth_their_price(names, seconds, accuracies):
    models = list(zip(names, seconds, accuracies, strict=True))
    kept = [
        (price, name)
        for name, price, accuracy in models
        if not any(
            other_name != name and other <= price and value >= accuracy
            for other_name, other, value in models
        )
    ]
    return [name for _, name in sorted(kept, key=lambda model: model[0])]
