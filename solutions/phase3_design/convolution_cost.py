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
    # A kernel reaches through all maps that go in, so it is a block of weights, not a square.
    block = kernel * kernel * channels
    weights = block * filters
    # One bias for each map that comes out, the same at every place, as the weights are.
    parameters = weights + filters
    # Work is done where values come out, not where pixels go in. Both sides are rounded up.
    places = (-(-side // stride)) ** 2
    return parameters, weights * places


# The two are worth comparing: a stride of 2 divides the work by four and leaves the parameters
# alone; twice the channels and twice the filters make four times of both. So parameters say little
# about speed, and speed says little about size.
