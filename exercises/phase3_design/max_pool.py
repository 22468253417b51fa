"""Keep the largest value of each window.

Read phase 3 through "Pooling". Use plain Python: no NumPy. Complete the function,
then type: fmnist check max_pool
"""


def max_pool(feature_map, size=2, stride=2):
    """Return a map of the largest values, one for each window.

    There is no padding: a window that does not lie wholly within the map is not looked at, and
    the last rows and columns may go unseen.

    Args:
        feature_map: sequence of rows, each a sequence of equally many numbers, of any sign.
        size: rows, and columns, of the window, at least 1; no more than the map has.
        stride: step from one window to the next, down and across, at least 1; windows overlap if
            it is smaller than the size.

    Returns:
        list of lists of floats: row r, column c belongs to the window that is r steps below and c
        steps to the right of the top left corner.

    Example:
        >>> max_pool([[1, 5, 0, 2], [3, 4, 7, 6]])
        [[5.0, 7.0]]
    """
    raise NotImplementedError("Replace this line with your answer.")
