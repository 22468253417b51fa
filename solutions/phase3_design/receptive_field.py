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
    side, distance = 1, 1  # of the image itself: a pixel sees itself, neighbours are 1 apart
    for kernel, stride in layers:
        # The kernel reaches over kernel - 1 neighbours, which stand `distance` pixels apart: that
        # is settled by the layers before. Its own stride counts from the next layer on.
        side += (int(kernel) - 1) * distance
        distance *= int(stride)
    first = place * distance
    return first, first + side - 1


# Going backwards is as short: begin with first = last = place and, from the last layer to the
# first, set first = first * stride and last = last * stride + kernel - 1. Forwards shows how the
# field grows from layer to layer; backwards shows where it lies, also for one layer alone.
