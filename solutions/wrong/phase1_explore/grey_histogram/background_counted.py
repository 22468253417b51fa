"""Misconception: background-belongs-to-the-garment

caught-by: test_only_background
says: no range has a share of it
"""


def grey_histogram(image, bins=8):
    counts = [0] * bins
    for row in image:
        for value in row:
            counts[value * bins // 256] += 1
    total = sum(counts)
    if total == 0:
        return [0.0] * bins
    return [count / total for count in counts]
