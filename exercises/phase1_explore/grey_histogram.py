"""How dark is a garment?

Read phase 1 through "What the pixels say". Use plain Python: no NumPy. Fill the two gaps in the
function, then type: fmnist check grey_histogram
"""


def grey_histogram(image, bins=8):
    """Return which share of a garment's pixels lies in each range of grey values.

    The range from 0 to 256 (256 left out) is divided into `bins` ranges of equal width, 256 / bins,
    which need not be a whole number. Range b goes from b times the width up to, but not including,
    b + 1 times the width.

    Args:
        image: list of rows, each a list of int from 0 to 255. The value 0 is background: such
            pixels do not belong to the garment, and are not counted at all.
        bins: number of ranges, from 1 to 256.

    Returns:
        list of `bins` floats; the number at position b is the share of range b among the pixels
        of the garment. The shares add up to 1, or are all 0.0 if there is only background.

    Example:
        >>> grey_histogram([[0, 70, 255], [0, 200, 70]], bins=4)
        [0.0, 0.5, 0.0, 0.5]
    """
    counts = [0] * bins
    for row in image:
        for value in row:
            grey = int(value)  # of any kind of whole number: from here on it cannot overflow
            raise NotImplementedError("Count this pixel, if it is not background.")
    garment = sum(counts)
    if garment == 0:
        return [0.0] * bins
    raise NotImplementedError("Turn the counts into shares of the garment.")
