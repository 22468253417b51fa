"""Misconception: own-stride-widens-the-field

caught-by: test_the_first_value[one pooling]
says: it counts from the next layer on
"""


def receptive_field(layers, place=0):
    side, distance = 1, 1
    for kernel, stride in layers:
        distance *= int(stride)
        side += (int(kernel) - 1) * distance
    first = place * distance
    return first, first + side - 1
