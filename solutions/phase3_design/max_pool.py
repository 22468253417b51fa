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
    # The last top and the last left edge from which a whole window fits are rows and columns less
    # the size; range leaves its end out, hence + 1.
    tops = range(0, len(feature_map) - size + 1, stride)
    lefts = range(0, len(feature_map[0]) - size + 1, stride)
    pooled = []
    for top in tops:
        values = []
        for left in lefts:
            rows = feature_map[top : top + size]
            # max() over the values themselves: whoever begins with 0 and looks for more would
            # invent a 0 in a window of negative values.
            values.append(max(float(value) for row in rows for value in row[left : left + size]))
        pooled.append(values)
    return pooled


# With NumPy, and where windows do not overlap, the axes can be cut:
# maps[: 2 * h, : 2 * w].reshape(h, 2, w, 2).max(axis=(1, 3)). For windows that overlap,
# sliding_window_view(maps, (size, size))[::stride, ::stride].max(axis=(2, 3)) does the same.
