"""Misconception: each-pair-is-a-finding

caught-by: test_three_of_a_kind_are_one_group
says: one finding, not three
"""


def duplicate_groups(images):
    return [
        [one, other]
        for one in range(len(images))
        for other in range(one + 1, len(images))
        if images[one] == images[other]
    ]
