"""Misconception: field-ignores-strides

caught-by: test_the_first_value[stride before a kernel]
says: neighbours in a map stand several pixels apart
"""


def receptive_field(layers, place=0):
    side = 1
    for kernel, _ in layers:
        side += int(kernel) - 1
    return place, place + side - 1
