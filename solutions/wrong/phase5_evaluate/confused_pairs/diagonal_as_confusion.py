"""Misconception: diagonal-is-confusion

caught-by: test_worked_by_hand
says: A class is not confused with itself
"""


def confused_pairs(matrix, names, count):
    pairs = []
    for one in range(len(names)):
        for other in range(one, len(names)):
            mistakes = int(matrix[one][other])
            if other != one:
                mistakes += int(matrix[other][one])
            if mistakes:
                pairs.append((names[one], names[other], mistakes))
    pairs.sort(key=lambda pair: -pair[2])
    return pairs[:count]
