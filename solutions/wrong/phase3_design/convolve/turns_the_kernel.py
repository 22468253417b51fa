"""Misconception: convolution-turns-the-kernel

caught-by: test_the_kernel_is_not_turned[right minus left]
says: its first weight on the top left pixel
"""


def convolve(image, kernel, stride=1):
    turned = [row[::-1] for row in kernel[::-1]]
    rows = (len(image) - len(turned)) // stride + 1
    columns = (len(image[0]) - len(turned[0])) // stride + 1
    feature_map = []
    for row in range(rows):
        values = []
        for column in range(columns):
            top, left = row * stride, column * stride
            total = 0.0
            for i, weights in enumerate(turned):
                for j, weight in enumerate(weights):
                    total += float(weight) * float(image[top + i][left + j])
            values.append(total)
        feature_map.append(values)
    return feature_map
