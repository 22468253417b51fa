"""Misconception: own-range

caught-by: test_dark_images_stay_dark
says: the same grey must become the same number in every set of images
"""


def scale_to_unit(images, white=255):
    pixels = [pixel for image in images for row in image for pixel in row]
    low, high = min(pixels), max(pixels)
    return [
        [[(pixel - low) / max(high - low, 1) for pixel in row] for row in image] for image in images
    ]
