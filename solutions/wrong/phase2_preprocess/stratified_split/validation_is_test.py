"""Misconception: validation-is-test

caught-by: test_every_image_is_in_one_part
says: Every image belongs to exactly one part
"""

import random


def stratified_split(labels, one_in=5, seed=0):
    draw = random.Random(seed)
    train, held = [], []
    for label in sorted(set(labels)):
        positions = [position for position, one in enumerate(labels) if one == label]
        draw.shuffle(positions)
        held_out = len(positions) // one_in
        held += positions[:held_out]
        train += positions[held_out:]
    return sorted(train), sorted(held), sorted(held)
