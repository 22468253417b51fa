"""Misconception: mean-of-mean-and-next

caught-by: test_order_does_not_matter
says: In a mean every image counts the same
"""


def mean_image(images, labels, label):
    rows, columns = len(images[0]), len(images[0][0])
    mean = None
    for image, given in zip(images, labels, strict=True):
        if given == label:
            before = image if mean is None else mean
            mean = [[(before[r][c] + image[r][c]) / 2 for c in range(columns)] for r in range(rows)]
    if mean is None:
        raise ValueError(f"no image has the label {label}")
    return mean
