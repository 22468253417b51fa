"""Misconception: only-the-stride-before-counts

caught-by: test_three_times_pooling
says: all strides so far multiply that distance
"""


def receptive_field(layers, place=0):
    side, before, distance = 1, 1, 1
    for kernel, stride in layers:
        side += (int(kernel) - 1) * before
        before = int(stride)
        distance *= before
    first = place * distance
    return first, first + side - 1
