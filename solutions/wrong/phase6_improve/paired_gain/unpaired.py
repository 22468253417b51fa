"""Misconception: errors-add-up-unpaired

caught-by: test_images_on_which_both_agree_add_little
says: work with one difference per image
"""

import math


def paired_gain(correct_a, correct_b):
    n = len(correct_a)
    a, b = sum(correct_a) / n, sum(correct_b) / n
    return b - a, math.sqrt((a * (1 - a) + b * (1 - b)) / (n - 1))
