"""Misconception: same-keeps-the-size

caught-by: test_with_padding[14 pixels, kernel 3, stride 2]
says: With a larger stride there is one for the first pixel and then one for every stride-th
"""


def conv_output_size(side, kernel, stride=1, padding="valid"):
    if padding == "same":
        return side
    if kernel > side:
        raise ValueError(f"a kernel of {kernel} has no place in {side} pixels")
    return (side - kernel) // stride + 1
