"""Misconception: class-mean-divides-by-all

caught-by: test_other_classes_stay_out
says: their number is what the sums are divided by
"""


def mean_image(images, labels, label):
    rows, columns = len(images[0]), len(images[0][0])
    if label not in labels:
        raise ValueError(f"no image has the label {label}")
    total = [[0.0] * columns for _ in range(rows)]
    for image, given in zip(images, labels, strict=True):
        if given == label:
            for r in range(rows):
                for c in range(columns):
                    total[r][c] += image[r][c]
    return [[value / len(images) for value in row] for row in total]
