"""Misconception: convolution-averages

caught-by: test_small_cases[one place]
says: the sum of weight times pixel over the place, and nothing else
"""


def convolve(image, kernel, stride=1):
    rows = (len(image) - len(kernel)) // stride + 1
    columns = (len(image[0]) - len(kernel[0])) // stride + 1
    count = len(kernel) * len(kernel[0])
    feature_map = []
    for row in range(rows):
        values = []
        for column in range(columns):
            top, left = row * stride, column * stride
            total = 0.0
            for i, weights in enumerate(kernel):
                for j, weight in enumerate(weights):
                    total += float(weight) * float(image[top + i][left + j])
            values.append(total / count)
        feature_map.append(values)
    return feature_map
