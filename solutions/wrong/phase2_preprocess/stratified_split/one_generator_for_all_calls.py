"""Misconception: one-generator-for-all

caught-by: test_the_seed_decides
says: not what was drawn before
"""

import random

random.seed(0)


def stratified_split(labels, one_in=5, seed=0):
    train, validation, test = [], [], []
    for label in sorted(set(labels)):
        positions = [position for position, one in enumerate(labels) if one == label]
        random.shuffle(positions)
        held_out = len(positions) // one_in
        validation += positions[:held_out]
        test += positions[held_out : 2 * held_out]
        train += positions[2 * held_out :]
    return sorted(train), sorted(validation), sorted(test)
