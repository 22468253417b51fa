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
    positions = {}
    for position, image in enumerate(images):
        # A list cannot be a key, a tuple can. Rows stay rows, values stay values: equal keys mean
        # equal images, never just an equal sum or equal digits.
        key = tuple(tuple(row) for row in image)
        positions.setdefault(key, []).append(position)
    # A dict keeps the order in which keys came, and so do the lists: nothing needs sorting.
    return [group for group in positions.values() if len(group) > 1]


# Comparing each image with all others works too, and reads well, but 50,000 images make more than a
# billion pairs. With a dict each image is looked at once. For large images one keeps a digest
# (SHA-256) as the key, as fmnist.analysis.neighbours does; Python's own hash() is too short to be a
# proof.
