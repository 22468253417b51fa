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
    pairs = []
    for one in range(len(names)):
        # From one + 1 on: every pair once, and never a class with itself.
        for other in range(one + 1, len(names)):
            mistakes = int(matrix[one][other]) + int(matrix[other][one])
            if mistakes:
                pairs.append((names[one], names[other], mistakes))
    # Sorting is stable: pairs with equal keys keep the order in which the loops made them.
    pairs.sort(key=lambda pair: -pair[2])
    return pairs[:count]


# Other good ways: itertools.combinations(range(n), 2) for the two loops; sort(reverse=True) with
# the key mistakes, which is stable as well; heapq.nsmallest(count, ...) if there were thousands of
# classes and few pairs were wanted. A key (-mistakes, one, other) says the order of ties aloud.
