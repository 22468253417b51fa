"""Misconception: grey-values-are-255

caught-by: test_ranges_of_equal_width[3]
says: There are 256 grey values, since 0 is one of them
"""


def grey_histogram(image, bins=8):
    counts = [0] * bins
    for row in image:
        for value in row:
            if value > 0:
                counts[min(value * bins // 255, bins - 1)] += 1
    garment = sum(counts)
    if garment == 0:
        return [0.0] * bins
    return [count / garment for count in counts]
