"""Misconception: rows-count-upwards

caught-by: test_worked_by_hand[down]
says: Row 0 is at the top
"""


def shifted(image, down, right, background=0):
    rows, columns = len(image), len(image[0])
    moved = [[background] * columns for _ in range(rows)]
    for row in range(rows):
        for column in range(columns):
            if 0 <= row - down < rows and 0 <= column + right < columns:
                moved[row - down][column + right] = image[row][column]
    return moved
