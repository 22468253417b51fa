"""What does a convolution cost to store, and to use?

Read phase 3 through "Parameters". Use plain Python: no NumPy. Complete the function,
then type: fmnist check convolution_cost
"""


def convolution_cost(side, channels, kernel, filters, stride=1):
    """Return parameters and multiplications of a convolution with padding "same" and a bias.

    Args:
        side: rows, and columns, of the maps that go in, at least 1.
        channels: how many maps go in, at least 1.
        kernel: rows, and columns, of a kernel, at least 1.
        filters: how many maps come out, at least 1.
        stride: step from one place to the next, at least 1.

    Returns:
        tuple (parameters, multiplications) of two ints: how many numbers the layer learns, and
        how many products it computes for one image. Zeros of the frame are multiplied like
        pixels; a bias is added, which is no multiplication.

    Example:
        >>> convolution_cost(side=28, channels=1, kernel=4, filters=32, stride=2)
        (544, 100352)
    """
    raise NotImplementedError("Replace this line with your answer.")
