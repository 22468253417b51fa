"""How large is the map?

Read phase 3 through "Stride, padding and shapes". Use plain Python: no NumPy. The first function
is a worked example of the same kind. Complete the second one,
then type: fmnist check conv_output_size
"""


def padding_needed(side, kernel, stride, places):
    """Return how many zeros go before and after a row, so that a kernel has `places` places.

    This is the worked example: here the places are known, and pixels are wanted.

    Args:
        side: pixels in the row, at least 1.
        kernel: pixels that the kernel covers, at least 1.
        stride: step from one place to the next, at least 1.
        places: how many places the kernel must have, at least 1.

    Returns:
        tuple (before, after) of two ints, both 0 if the row is long enough as it is.

    Example:
        >>> padding_needed(28, kernel=4, stride=2, places=14)
        (1, 1)
        >>> padding_needed(28, kernel=3, stride=2, places=14)
        (0, 1)
    """
    # The first place covers `kernel` pixels. From the first place to the last there is one step
    # less than there are places, and each step takes `stride` pixels more.
    steps = places - 1
    covered = kernel + steps * stride
    # What the row lacks is the frame. A row that is longer than needed lacks nothing.
    missing = max(covered - side, 0)
    # Half goes to each end. Of an odd number, Keras puts the larger half at the end.
    before = missing // 2
    return before, missing - before


def conv_output_size(side, kernel, stride=1, padding="valid"):
    """Return the side of the map that a convolution makes of a square image.

    Args:
        side: pixels in a row of the image, at least 1.
        kernel: pixels in a row of the kernel, at least 1.
        stride: step from one place to the next, at least 1.
        padding: "valid": no frame, the kernel lies wholly within the image; or "same": a frame
            just wide enough for one place for every stride-th pixel, counted from the first; with
            a stride of 1 that keeps the size.

    Returns:
        int, at least 1: the number of places of the kernel in one row.

    Raises:
        ValueError: the padding is "valid" and the kernel is larger than the image.

    Example:
        >>> conv_output_size(28, kernel=3)
        26
        >>> conv_output_size(28, kernel=4, stride=2, padding="same")
        14
    """
    if padding == "same":
        # Whatever the kernel, there is one place for each of the pixels 0, stride, 2 * stride ...
        # Pixels are divided and rounded up, because pixel 0 always has its place: -(-a // b) is
        # a / b rounded up, without leaving the ints.
        return -(-side // stride)
    if kernel > side:
        raise ValueError(f"a kernel of {kernel} has no place in {side} pixels")
    # The first place covers `kernel` pixels. Each step takes `stride` of the pixels that are left;
    # a rest that is too short for a whole step is never seen. One place more than steps.
    steps = (side - kernel) // stride
    return steps + 1


# Another good way is to count: len(range(0, side - kernel + 1, stride)) for "valid" and
# len(range(0, side, stride)) for "same". A range knows its length without being walked through,
# and it cannot be wrong by one as easily as a formula. The formula shows more: what happens when
# the stride doubles, and which pixels are left over.
