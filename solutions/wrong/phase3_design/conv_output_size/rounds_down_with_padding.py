"""Misconception: sizes-round-down

caught-by: test_with_padding[7 pixels, kernel 3, stride 2]
says: there is one for the first pixel and then one for every stride-th
"""


def conv_output_size(side, kernel, stride=1, padding="valid"):
    if padding == "same":
        return max(side // stride, 1)
    if kernel > side:
        raise ValueError(f"a kernel of {kernel} has no place in {side} pixels")
    return (side - kernel) // stride + 1
