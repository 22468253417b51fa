"""Misconception: windows-never-overlap

caught-by: test_size_and_stride[windows overlap]
says: Windows overlap if the step is the smaller one
"""


def max_pool(feature_map, size=2, stride=2):
    pooled = []
    for top in range(0, len(feature_map) - size + 1, size):
        values = []
        for left in range(0, len(feature_map[0]) - size + 1, size):
            rows = feature_map[top : top + size]
            values.append(max(float(value) for row in rows for value in row[left : left + size]))
        pooled.append(values)
    return pooled
