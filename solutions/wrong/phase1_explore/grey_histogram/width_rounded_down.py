"""Misconception: whole-division-keeps-the-share

caught-by: test_ranges_of_equal_width[3]
says: also where this is not a whole number
"""


def grey_histogram(image, bins=8):
    width = 256 // bins
    counts = [0] * bins
    for row in image:
        for value in row:
            if value > 0:
                counts[min(value // width, bins - 1)] += 1
    garment = sum(counts)
    if garment == 0:
        return [0.0] * bins
    return [count / garment for count in counts]
