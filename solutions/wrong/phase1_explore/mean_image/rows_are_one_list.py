"""Misconception: multiplied-list-is-copies

caught-by: test_one_class[two]
says: its row from no other row
"""


def mean_image(images, labels, label):
    rows, columns = len(images[0]), len(images[0][0])
    chosen = [image for image, given in zip(images, labels, strict=True) if given == label]
    if not chosen:
        raise ValueError(f"no image has the label {label}")
    mean = [[0.0] * columns] * rows
    for r in range(rows):
        for c in range(columns):
            mean[r][c] = sum(image[r][c] for image in chosen) / len(chosen)
    return mean
