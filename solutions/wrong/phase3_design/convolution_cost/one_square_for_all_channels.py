"""Misconception: kernels-are-flat

caught-by: test_small_cases[one kernel for five channels]
says: a weight for each pixel of its square in each channel
"""


def convolution_cost(side, channels, kernel, filters, stride=1):
    places = (-(-side // stride)) ** 2
    weights = kernel * kernel * filters
    return weights + filters, weights * places
