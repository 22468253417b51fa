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
    # Down and across are counted apart: neither image nor kernel need be square.
    rows = (len(image) - kernel_rows) // stride + 1
    columns = (len(image[0]) - kernel_columns) // stride + 1
    feature_map = []
    for row in range(rows):
        values = []
        for column in range(columns):
            top, left = row * stride, column * stride
            total = 0.0
            for i in range(kernel_rows):
                for j in range(kernel_columns):
                    # Floats before the product: grey values of an array are uint8, in which
                    # neither -1 nor 300 exists.
                    total += float(kernel[i][j]) * float(image[top + i][left + j])
            values.append(total)
        feature_map.append(values)
    return feature_map


# With NumPy the two inner loops are one line, (window * kernel).sum(), and with
# sliding_window_view and einsum so are all four. Libraries go further: they copy all windows into
# one large matrix, and the convolution is a single product of matrices. The sums are the same;
# what differs is how well a processor can be kept busy.
