"""Misconception: white-is-255

caught-by: test_sixteen_bits
says: White is 255 only with 8 bits
"""


def scale_to_unit(images, white=255):
    return [[[pixel / 255 for pixel in row] for row in image] for image in images]
