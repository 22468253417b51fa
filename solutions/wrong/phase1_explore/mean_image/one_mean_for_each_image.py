"""Misconception: any-axis-will-do

caught-by: test_one_class[two]
says: rows and columns as in each of them
"""


def mean_image(images, labels, label):
    chosen = [image for image, given in zip(images, labels, strict=True) if given == label]
    if not chosen:
        raise ValueError(f"no image has the label {label}")
    pixels = len(images[0]) * len(images[0][0])
    return [sum(sum(row) for row in image) / pixels for image in chosen]
