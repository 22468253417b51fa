"""Convolve one image with one kernel.

Read phase 3 through "Stride, padding and shapes". Use plain Python: no NumPy. Fill the three
gaps of the function, then type: fmnist check convolve
"""


def convolve(image, kernel, stride=1):
    """Return the weighted sum under the kernel at every place, as Keras computes it.

    There is no padding: the kernel lies wholly within the image. It is not turned: its first
    weight, kernel[0][0], lies on the top left pixel of each place.

    Args:
        image: sequence of rows, each a sequence of equally many numbers: the grey values.
        kernel: sequence of rows of numbers, the weights; no higher and no wider than the image,
            and not always square.
        stride: step from one place to the next, down and across, at least 1.

    Returns:
        list of lists of floats: row r, column c belongs to the place that is r steps below and c
        steps to the right of the top left corner.

    Example:
        >>> convolve([[0, 0, 9], [0, 0, 9], [0, 0, 9]], [[-1, 1]])
        [[0.0, 9.0], [0.0, 9.0], [0.0, 9.0]]
    """
    kernel_rows, kernel_columns = len(kernel), len(kernel[0])
    rows, columns = 0, 0
    raise NotImplementedError(
        "Replace this line; set rows and columns, the numbers of places of the "
        "kernel down and across."
    )
    feature_map = []
    for row in range(rows):
        values = []
        for column in range(columns):
            top, left = row, column
            raise NotImplementedError(
                "Replace this line; set top and left, the pixel on which the first "
                "weight lies, for any stride."
            )
            total = 0.0
            raise NotImplementedError(
                "Replace this line; add to total each weight times the pixel on "
                "which it lies, as floats."
            )
            values.append(total)
        feature_map.append(values)
    return feature_map
