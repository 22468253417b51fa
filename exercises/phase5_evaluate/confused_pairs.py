"""Which classes are taken for each other most often?

Read phase 5 through "Pairs". Use plain Python: no NumPy. Complete the function,
then type: fmnist check confused_pairs
"""


def confused_pairs(matrix, names, count):
    """Return the pairs of classes with the most mistakes between them.

    Mistakes in both directions belong to one pair: shirts called pullovers and pullovers called
    shirts.

    Args:
        matrix: confusion matrix, sequence of n sequences of n ints, n at least 1; row t, column p
            counts the images of true class t that were predicted as p.
        names: sequence of n texts, the name of each class.
        count: the most pairs to return, at least 1.

    Returns:
        list of at most `count` tuples (first, second, mistakes) of two names and an int, the most
        mistakes first. Within a pair, `first` is the class that comes first in `names`. Pairs
        with equally many mistakes stand in the order of `names`: by their first class, then by
        their second. Pairs without a mistake are left out.

    Example:
        >>> confused_pairs([[9, 1, 0], [2, 7, 1], [0, 0, 8]], ["Bag", "Coat", "Dress"], count=5)
        [('Bag', 'Coat', 3), ('Coat', 'Dress', 1)]
    """
    raise NotImplementedError("Replace this line with your answer.")
