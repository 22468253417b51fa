"""Misconception: images-are-square

caught-by: test_an_image_wider_than_high
says: down and across are counted apart
"""


def convolve(image, kernel, stride=1):
    places = (len(image) - len(kernel)) // stride + 1
    feature_map = []
    for row in range(places):
        values = []
        for column in range(places):
            top, left = row * stride, column * stride
            total = 0.0
            for i, weights in enumerate(kernel):
                for j, weight in enumerate(weights):
                    total += float(weight) * float(image[top + i][left + j])
            values.append(total)
        feature_map.append(values)
    return feature_map
