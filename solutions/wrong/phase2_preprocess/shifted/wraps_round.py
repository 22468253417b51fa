"""Misconception: shifting-is-rolling

caught-by: test_worked_by_hand[down]
says: What leaves the frame is gone
"""


def shifted(image, down, right, background=0):
    rows, columns = len(image), len(image[0])
    return [
        [image[(row - down) % rows][(column - right) % columns] for column in range(columns)]
        for row in range(rows)
    ]
