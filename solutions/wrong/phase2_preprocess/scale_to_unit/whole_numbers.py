"""Misconception: pixels-stay-whole

caught-by: test_worked_by_hand
says: Between 0 and 1 there are hardly any whole numbers
"""


def scale_to_unit(images, white=255):
    return [[[pixel // white for pixel in row] for row in image] for image in images]
