"""Misconception: seed-before-each-draw

caught-by: test_classes_are_drawn_one_by_one[245]
says: Draw anew for each class, from one generator
"""

import random


def stratified_split(labels, one_in=5, seed=0):
    train, validation, test = [], [], []
    for label in sorted(set(labels)):
        positions = [position for position, one in enumerate(labels) if one == label]
        random.Random(seed).shuffle(positions)
        held_out = len(positions) // one_in
        validation += positions[:held_out]
        test += positions[held_out : 2 * held_out]
        train += positions[2 * held_out :]
    return sorted(train), sorted(validation), sorted(test)
