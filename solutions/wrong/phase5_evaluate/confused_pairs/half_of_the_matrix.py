"""Misconception: confusion-is-symmetric

caught-by: test_both_directions_belong_to_one_pair
says: A pair has two cells, one on each side of the diagonal
"""


def confused_pairs(matrix, names, count):
    pairs = []
    for one in range(len(names)):
        for other in range(one + 1, len(names)):
            if matrix[one][other]:
                pairs.append((names[one], names[other], int(matrix[one][other])))
    pairs.sort(key=lambda pair: -pair[2])
    return pairs[:count]
