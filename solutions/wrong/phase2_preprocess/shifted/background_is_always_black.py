"""Misconception: background-is-zero

caught-by: test_white_paper
says: What becomes free must look like the rest of the background
"""


def shifted(image, down, right, background=0):
    rows, columns = len(image), len(image[0])
    moved = [[0] * columns for _ in range(rows)]
    for row in range(rows):
        for column in range(columns):
            if 0 <= row + down < rows and 0 <= column + right < columns:
                moved[row + down][column + right] = image[row][column]
    return moved
