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
    raise NotImplementedError("Replace this line with your answer.")
