"""Misconception: beat-the-neighbour

caught-by: test_all_cheaper_models_are_compared
says: not only with the next cheaper one
"""

import itertools


def worth_their_price(names, seconds, accuracies):
    models = sorted(
        zip(names, seconds, accuracies, strict=True), key=lambda model: (model[1], -model[2])
    )
    kept = [models[0][0]]
    for (_, _, before), (name, _, accuracy) in itertools.pairwise(models):
        if accuracy > before:
            kept.append(name)
    return kept
