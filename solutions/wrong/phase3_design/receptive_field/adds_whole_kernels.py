"""Misconception: field-adds-kernels

caught-by: test_the_first_value[two kernels of 3]
says: The first value under a kernel is seen already
"""


def receptive_field(layers, place=0):
    side, distance = 0, 1
    for kernel, stride in layers:
        side += int(kernel) * distance
        distance *= int(stride)
    first = place * distance
    return first, first + max(side, 1) - 1
