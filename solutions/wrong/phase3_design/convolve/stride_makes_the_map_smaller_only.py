"""Misconception: stride-cuts-the-map

caught-by: test_the_stride_moves_the_kernel
says: neighbours in the map belong to places that are s pixels apart
"""


def convolve(image, kernel, stride=1):
    rows = (len(image) - len(kernel)) // stride + 1
    columns = (len(image[0]) - len(kernel[0])) // stride + 1
    feature_map = []
    for row in range(rows):
        values = []
        for column in range(columns):
            total = 0.0
            for i, weights in enumerate(kernel):
                for j, weight in enumerate(weights):
                    total += float(weight) * float(image[row + i][column + j])
            values.append(total)
        feature_map.append(values)
    return feature_map
