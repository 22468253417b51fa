"""Misconception: background-belongs-to-the-garment

caught-by: test_background_changes_nothing
says: nor among the pixels that the shares refer to
"""


def grey_histogram(image, bins=8):
    counts = [0] * bins
    for row in image:
        for value in row:
            if value > 0:
                counts[value * bins // 256] += 1
    return [count / (len(image) * len(image[0])) for count in counts]
