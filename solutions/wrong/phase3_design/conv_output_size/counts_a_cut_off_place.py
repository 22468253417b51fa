"""Misconception: cut-off-windows-count

caught-by: test_without_padding[7 pixels, kernel 2, stride 2]
says: A step that would leave the image is not taken
"""


def conv_output_size(side, kernel, stride=1, padding="valid"):
    if padding == "same":
        return -(-side // stride)
    if kernel > side:
        raise ValueError(f"a kernel of {kernel} has no place in {side} pixels")
    return -(-(side - kernel) // stride) + 1
