"""Misconception: pooling-averages

caught-by: test_small_cases[one window]
says: weak ones beside it do not water it down
"""


def max_pool(feature_map, size=2, stride=2):
    pooled = []
    for top in range(0, len(feature_map) - size + 1, stride):
        values = []
        for left in range(0, len(feature_map[0]) - size + 1, stride):
            total = 0.0
            for row in feature_map[top : top + size]:
                total += sum(float(value) for value in row[left : left + size])
            values.append(total / (size * size))
        pooled.append(values)
    return pooled
