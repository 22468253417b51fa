"""Misconception: padding-is-half-the-kernel

caught-by: test_with_padding[28 pixels, kernel 4, stride 2]
says: there are as many places as pixels, whatever the kernel
"""


def conv_output_size(side, kernel, stride=1, padding="valid"):
    if padding == "same":
        side += 2 * (kernel // 2)
    if kernel > side:
        raise ValueError(f"a kernel of {kernel} has no place in {side} pixels")
    return (side - kernel) // stride + 1
