"""Misconception: equal-summary-is-equal-image

caught-by: test_small_cases[all different]
says: Images may well share their sum
"""


def duplicate_groups(images):
    positions = {}
    for position, image in enumerate(images):
        total = sum(sum(row) for row in image)
        positions.setdefault(total, []).append(position)
    return [group for group in positions.values() if len(group) > 1]
