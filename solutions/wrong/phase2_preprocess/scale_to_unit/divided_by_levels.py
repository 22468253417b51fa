"""Misconception: levels-are-steps

caught-by: test_worked_by_hand
says: white must become exactly 1
"""


def scale_to_unit(images, white=255):
    levels = white + 1
    return [[[pixel / levels for pixel in row] for row in image] for image in images]
