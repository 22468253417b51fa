"""Misconception: index-below-zero-fails

caught-by: test_worked_by_hand[down]
says: What leaves the frame is gone
"""


def shifted(image, down, right, background=0):
    moved = []
    for row in range(len(image)):
        line = []
        for column in range(len(image[0])):
            try:
                line.append(image[row - down][column - right])
            except IndexError:
                line.append(background)
        moved.append(line)
    return moved
