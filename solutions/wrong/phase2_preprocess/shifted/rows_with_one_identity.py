"""Misconception: multiplied-list-is-copies

caught-by: test_no_shift
says: one row with several names
"""


def shifted(image, down, right, background=0):
    rows, columns = len(image), len(image[0])
    moved = [[background] * columns] * rows
    for row in range(rows):
        for column in range(columns):
            if 0 <= row + down < rows and 0 <= column + right < columns:
                moved[row + down][column + right] = image[row][column]
    return moved
