"""Misconception: steps-are-places

caught-by: test_without_padding[28 pixels, kernel 3]
says: There is one place more than there are steps
"""


def conv_output_size(side, kernel, stride=1, padding="valid"):
    if padding == "same":
        return -(-side // stride)
    if kernel > side:
        raise ValueError(f"a kernel of {kernel} has no place in {side} pixels")
    return (side - kernel) // stride
