"""Misconception: file-order-is-random

caught-by: test_every_image_has_its_chance
says: Files are often in an order that means something
"""


def stratified_split(labels, one_in=5, seed=0):
    train, validation, test = [], [], []
    for label in set(labels):
        positions = [position for position, one in enumerate(labels) if one == label]
        held_out = len(positions) // one_in
        rest = len(positions) - 2 * held_out
        train += positions[:rest]
        validation += positions[rest : rest + held_out]
        test += positions[rest + held_out :]
    return sorted(train), sorted(validation), sorted(test)
