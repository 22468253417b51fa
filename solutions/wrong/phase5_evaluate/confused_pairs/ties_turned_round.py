"""Misconception: reversed-sort-keeps-ties

caught-by: test_ties_keep_the_order_of_the_names
says: a list of tuples turns its ties round as well
"""


def confused_pairs(matrix, names, count):
    pairs = []
    for one in range(len(names)):
        for other in range(one + 1, len(names)):
            mistakes = int(matrix[one][other]) + int(matrix[other][one])
            if mistakes:
                pairs.append((mistakes, one, other))
    pairs.sort(reverse=True)
    return [(names[one], names[other], mistakes) for mistakes, one, other in pairs[:count]]
