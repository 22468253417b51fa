"""Misconception: spread-is-error-of-mean

caught-by: test_images_on_which_both_agree_add_little
says: a mean is known better the more images there are
"""

import statistics


def paired_gain(correct_a, correct_b):
    differences = [int(b) - int(a) for a, b in zip(correct_a, correct_b, strict=True)]
    return sum(differences) / len(differences), float(statistics.stdev(differences))
