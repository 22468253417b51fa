"""Misconception: places-are-pixels

caught-by: test_small_cnn_without_its_frame
says: the distance between neighbours, which is the product of all strides
"""


def receptive_field(layers, place=0):
    side, distance = 1, 1
    for kernel, stride in layers:
        side += (int(kernel) - 1) * distance
        distance *= int(stride)
    return place, place + side - 1
