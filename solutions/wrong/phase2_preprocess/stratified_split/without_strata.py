"""Misconception: shuffling-balances

caught-by: test_every_class_gives_its_share
says: Each class gives the same share to each part
"""

import random


def stratified_split(labels, one_in=5, seed=0):
    positions = list(range(len(labels)))
    random.Random(seed).shuffle(positions)
    held_out = len(positions) // one_in
    return (
        sorted(positions[2 * held_out :]),
        sorted(positions[:held_out]),
        sorted(positions[held_out : 2 * held_out]),
    )
