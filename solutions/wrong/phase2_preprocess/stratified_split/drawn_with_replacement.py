"""Misconception: draws-do-not-repeat

caught-by: test_every_image_is_in_one_part
says: Every image belongs to exactly one part
"""

import random


def stratified_split(labels, one_in=5, seed=0):
    draw = random.Random(seed)
    train, validation, test = [], [], []
    for label in sorted(set(labels)):
        positions = [position for position, one in enumerate(labels) if one == label]
        held_out = len(positions) // one_in
        drawn = draw.choices(positions, k=2 * held_out)
        validation += drawn[:held_out]
        test += drawn[held_out:]
        train += [position for position in positions if position not in drawn]
    return sorted(train), sorted(validation), sorted(test)
