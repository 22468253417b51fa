"""The mean image of a class.

Read phase 1 through "Mean garments". Use plain Python: no NumPy. Study the worked example,
complete the function below it, then type: fmnist check mean_image
"""


def highest_at_each_place(images):
    """Worked example: return the highest grey value of all images at each place.

    Args:
        images: list of at least one image, each a list of rows, each a list of int from 0 to 255.

    Returns:
        list of rows, each a list of int, of the shape of one image.

    Example:
        >>> highest_at_each_place([[[0, 9]], [[5, 2]]])
        [[5, 9]]
    """
    # What every image agrees on is its shape; take it from the first.
    rows, columns = len(images[0]), len(images[0][0])
    # The result begins with a value that any pixel may replace. A new list is made for each row:
    # [[0] * columns] * rows would be one list under several names.
    highest = [[0] * columns for _ in range(rows)]
    # Image by image, so that each is looked at once; place by place within it. The places stay
    # apart: what is done at (r, c) has nothing to do with any other place.
    for image in images:
        for r in range(rows):
            for c in range(columns):
                highest[r][c] = max(highest[r][c], int(image[r][c]))
    return highest


def mean_image(images, labels, label):
    """Return the mean image of one class: at each place the mean grey value of its images.

    Args:
        images: list of at least one image, each a list of rows, each a list of int from 0 to 255;
            all of one shape.
        labels: sequence of int, as many as there are images: image i belongs to labels[i].
        label: int, the class whose mean is wanted.

    Returns:
        list of rows, each a list of floats in [0, 255], of the shape of one image.

    Raises:
        ValueError: no image has this label, so that there is no mean.

    Example:
        >>> mean_image([[[0, 9]], [[5, 2]], [[3, 3]]], [1, 1, 8], 1)
        [[2.5, 5.5]]
    """
    rows, columns = len(images[0]), len(images[0][0])
    total = [[0] * columns for _ in range(rows)]
    count = 0
    for image, given in zip(images, labels, strict=True):
        if given == label:
            count += 1
            for r in range(rows):
                for c in range(columns):
                    total[r][c] += int(image[r][c])
    # Say what is missing, in words, instead of dividing by zero two lines later.
    if count == 0:
        raise ValueError(f"no image has the label {label}")
    # One division at the end: sums of whole numbers are exact, however many images there are.
    return [[value / count for value in row] for row in total]


# With the images of the class in a list `chosen`, zip does without positions:
#     [[sum(values) / len(chosen) for values in zip(*rows)] for rows in zip(*chosen)]
# It says the same in one line: zip(*chosen) gathers row r of all images, zip(*rows) the values at
# one place. NumPy says it in one word, mean(axis=0): along the axis of the images.
