"""Which models are worth their price?

Read phase 6 through "The price of a point". Use plain Python: no NumPy. Complete the function,
then type: fmnist check worth_their_price
"""


def worth_their_price(names, seconds, accuracies):
    """Return the names of the models that no other model makes superfluous.

    A model is superfluous if another one is at least as fast *and* at least as accurate, and
    better in one of the two. What remains is called the Pareto front.

    Args:
        names: sequence of n strings, n at least 1, all different.
        seconds: sequence of n floats above 0: what the training of each model takes.
        accuracies: sequence of n floats in [0, 1]: the validation accuracy of each model.

    Returns:
        list of strings: the names of the models that remain, the fastest first; models with equal
        seconds in the order given.

    Example:
        >>> worth_their_price(["mlp", "wide_mlp", "linear"], [20.0, 80.0, 5.0], [0.88, 0.87, 0.84])
        ['linear', 'mlp']
    """
    models = list(zip(names, seconds, accuracies, strict=True))
    remaining = [
        (price, name)
        for name, price, value in models
        # No comparison with itself must be left out: nothing is better than itself in one of the
        # two. For the same reason, two equal models do not make each other superfluous.
        if not any(
            other_price <= price
            and other_value >= value
            and (other_price < price or other_value > value)
            for _, other_price, other_value in models
        )
    ]
    # By price alone: sorting is stable, so models of one price keep the order given.
    return [str(name) for _, name in sorted(remaining, key=lambda model: model[0])]
    # Sorted by price, one pass would do: keep what is more accurate than everything before it. For
    # thousands of models that is faster, n log n instead of n squared; but equal prices and equal
    # accuracies need care there, and here the definition can be read off the code.
