"""Find the images that occur more than once.

Read phase 1 through "Twins". Use plain Python: no NumPy. Complete the function,
then type: fmnist check duplicate_groups
"""


def duplicate_groups(images):
    """Return the positions of images that are equal in every pixel, group by group.

    Args:
        images: list of images (there may be none), each a list of rows, each a list of int from 0
            to 255; all of one shape.

    Returns:
        list of groups, each a list of at least two int: the positions of all images that are equal
        to each other, in ascending order. An image without an equal is in no group. Groups are in
        the order of their first positions.

    Example:
        >>> a, b, c = [[1, 2]], [[2, 1]], [[9, 9]]
        >>> duplicate_groups([a, b, c, b, a, b])
        [[0, 4], [1, 3, 5]]
    """
    raise NotImplementedError("Replace this line with your answer.")
