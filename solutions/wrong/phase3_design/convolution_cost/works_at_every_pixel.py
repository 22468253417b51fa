"""Misconception: work-at-every-pixel

caught-by: test_a_stride_saves_work_and_no_parameters
says: With a stride there are fewer places than pixels
"""


def convolution_cost(side, channels, kernel, filters, stride=1):
    weights = kernel * kernel * channels * filters
    return weights + filters, weights * side * side
