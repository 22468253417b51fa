"""Misconception: equal-summary-is-equal-image

caught-by: test_digits_are_not_numbers[14]
says: Compare the numbers, not their digits
"""


def duplicate_groups(images):
    positions = {}
    for position, image in enumerate(images):
        written = "".join(str(value) for row in image for value in row)
        positions.setdefault(written, []).append(position)
    return [group for group in positions.values() if len(group) > 1]
