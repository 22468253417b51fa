"""Misconception: one-number-for-price-and-worth

caught-by: test_each_step_up_costs_more
says: No exchange rate between seconds and accuracy is given
"""


def worth_their_price(names, seconds, accuracies):
    models = zip(names, seconds, accuracies, strict=True)
    return [max(models, key=lambda model: model[2] / model[1])[0]]
