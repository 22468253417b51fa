"""Misconception: variance-for-standard-error

caught-by: test_many_images_make_the_interval_narrow[2500]
says: it falls with the square root
"""


def accuracy_interval(correct, z=1.96):
    n = len(correct)
    accuracy = sum(1 for is_right in correct if is_right) / n
    r = z * z / n
    centre = (accuracy + r / 2) / (1 + r)
    half = (r * accuracy * (1 - accuracy) + r * r / 4) / (1 + r)
    return accuracy, centre - half, centre + half
