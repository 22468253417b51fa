"""Misconception: cut-off-windows-count

caught-by: test_small_cases[odd sides]
says: What is left over at the end is not looked at
"""


def max_pool(feature_map, size=2, stride=2):
    pooled = []
    for top in range(0, len(feature_map), stride):
        values = []
        for left in range(0, len(feature_map[0]), stride):
            rows = feature_map[top : top + size]
            values.append(max(float(value) for row in rows for value in row[left : left + size]))
        pooled.append(values)
    return pooled
