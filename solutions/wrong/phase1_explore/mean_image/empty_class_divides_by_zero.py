"""Misconception: mean-of-nothing-is-zero

caught-by: test_a_class_without_images_has_no_mean
says: Nothing has no mean
"""


def mean_image(images, labels, label):
    chosen = [image for image, given in zip(images, labels, strict=True) if given == label]
    rows, columns = len(images[0]), len(images[0][0])
    return [
        [sum(image[r][c] for image in chosen) / len(chosen) for c in range(columns)]
        for r in range(rows)
    ]
