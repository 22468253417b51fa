"""Misconception: sizes-round-down

caught-by: test_products_counted_one_by_one
says: A place that begins in the image counts as a whole
"""


def convolution_cost(side, channels, kernel, filters, stride=1):
    places = max(side // stride, 1) ** 2
    weights = kernel * kernel * channels * filters
    return weights + filters, weights * places
