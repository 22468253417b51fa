"""Misconception: a-bias-for-each-slice

caught-by: test_small_cases[one kernel for five channels]
says: one bias for each map that comes out
"""


def convolution_cost(side, channels, kernel, filters, stride=1):
    places = (-(-side // stride)) ** 2
    weights = kernel * kernel * channels * filters
    return weights + channels * filters, weights * places
