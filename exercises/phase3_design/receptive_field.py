"""Which pixels can a value see?

Read phase 3 through "Receptive field". Use plain Python: no NumPy. Complete the function,
then type: fmnist check receptive_field
"""


def receptive_field(layers, place=0):
    """Return the first and the last pixel of a row that a value of the last map depends on.

    Rows and columns behave alike, so one row is enough. No layer has padding.

    Args:
        layers: sequence of pairs (kernel, stride) of ints, at least 1 each: convolutions and
            poolings, in the order in which an image passes them. With no layer, the last map is
            the image.
        place: int, position of the value in its row of the last map, counted from 0.

    Returns:
        tuple (first, last) of two ints: positions of pixels, counted from 0; both ends belong to
        the receptive field.

    Example:
        >>> receptive_field([(3, 1)])
        (0, 2)
        >>> receptive_field([(3, 1)], place=10)
        (10, 12)
        >>> receptive_field([(4, 2), (3, 1)], place=1)
        (2, 9)
    """
    raise NotImplementedError("Replace this line with your answer.")
