"""Shift an image, and fill with background.

Read phase 2 through "Augmentation". Use plain Python: no NumPy. Complete the function,
then type: fmnist check shifted
"""


def shifted(image, down, right, background=0):
    """Return an image whose content has moved, within a frame of the same size.

    What moves beyond the frame is lost; what becomes free is background.

    Args:
        image: nested sequence of int, rows by columns of pixels, at least 1 by 1; row 0 is at the
            top, column 0 at the left.
        down: int, by how many rows the content moves down; below 0 it moves up.
        right: int, by how many columns it moves to the right; below 0 to the left.
        background: int, the grey value of the background: 0 in Fashion-MNIST, 255 on white paper.

    Returns:
        nested lists of int, of the same numbers of rows and columns.

    Example:
        >>> shifted([[1, 2], [3, 4]], down=1, right=0)
        [[0, 0], [1, 2]]
    """
    rows, columns = len(image), len(image[0])
    # A list of its own for each row: [[background] * columns] * rows is one row with many names.
    moved = [[background] * columns for _ in range(rows)]
    for row in range(rows):
        for column in range(columns):
            new_row, new_column = row + down, column + right
            # Both ends are tested: Python takes an index below 0 for one from the end, so without
            # the test what leaves at the top would come in again at the bottom.
            if 0 <= new_row < rows and 0 <= new_column < columns:
                moved[new_row][new_column] = int(image[row][column])
    return moved


# The other direction works as well: each new pixel asks for its old one, at row - down, column -
# right, and takes the background if there is none. With NumPy it is np.pad and a slice, as in the
# chapter; np.roll is one call, but it puts what leaves on one side in again on the other.
