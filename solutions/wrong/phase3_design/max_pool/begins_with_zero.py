"""Misconception: zero-is-a-safe-start

caught-by: test_negative_values
says: 0 does not stand there
"""


def max_pool(feature_map, size=2, stride=2):
    pooled = []
    for top in range(0, len(feature_map) - size + 1, stride):
        values = []
        for left in range(0, len(feature_map[0]) - size + 1, stride):
            largest = 0.0
            for row in feature_map[top : top + size]:
                for value in row[left : left + size]:
                    if value > largest:
                        largest = float(value)
            values.append(largest)
        pooled.append(values)
    return pooled
