"""Scale grey values to [0, 1].

Read phase 2 through "Small numbers". Use plain Python: no NumPy. Read the worked example, complete
the function below it, then type: fmnist check scale_to_unit
"""


def inverted(images, white=255):
    """Return the negatives of images: a worked example, of the pattern that you need.

    Args:
        images: nested sequences of int, n images by rows by columns, each pixel in [0, white].
        white: int, the largest value that a pixel can have: 255 with 8 bits.

    Returns:
        nested lists of int, of the same sizes: white where a pixel was 0, and 0 where it was white.

    Example:
        >>> inverted([[[0, 55, 255]]])
        [[[255, 200, 0]]]
    """
    negatives = []
    for image in images:
        # A new list for each image and each row: the caller's lists stay as they are.
        negative = []
        for row in image:
            # `white` is where the scale ends, whether or not any of these pixels reaches it.
            negative.append([white - int(pixel) for pixel in row])
        negatives.append(negative)
    return negatives


def scale_to_unit(images, white=255):
    """Return images, scaled so that 0 stays 0 and the largest possible value becomes 1.

    Args:
        images: nested sequences of int, n images by rows by columns, each pixel in [0, white].
        white: int, the largest value that a pixel can have: 255 with 8 bits, 65,535 with 16.

    Returns:
        nested lists of float, of the same sizes, in [0, 1].

    Example:
        >>> scale_to_unit([[[0, 51, 255]]])
        [[[0.0, 0.2, 1.0]]]
    """
    raise NotImplementedError("Replace this line with your answer.")
