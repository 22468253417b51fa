"""Misconception: twins-stand-side-by-side

caught-by: test_twins_stand_anywhere
says: wherever they stand
"""


def duplicate_groups(images):
    groups = []
    for position in range(1, len(images)):
        if images[position] == images[position - 1]:
            if groups and groups[-1][-1] == position - 1:
                groups[-1].append(position)
            else:
                groups.append([position - 1, position])
    return groups
