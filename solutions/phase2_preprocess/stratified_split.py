"""Split every class in the same proportion.

Read phase 2 through "Split first". Use plain Python: no NumPy. The module random, Python's own, is
allowed. Complete the function, then type: fmnist check stratified_split
"""

import random


def stratified_split(labels, one_in=5, seed=0):
    """Return which images are for training, for validation and for testing.

    Within each class the images are drawn at random, without regard to their order in the file and
    to what was drawn in other classes. Of a class with m images, m // one_in are for validation,
    m // one_in others for testing, and the rest is for training.

    Args:
        labels: sequence of int, the class of each image; in any order, also sorted.
        one_in: int, at least 3.
        seed: int; the same seed always gives the same split, another seed another one.

    Returns:
        tuple (train, validation, test) of three lists of int: positions in `labels`, ascending.

    Example:
        >>> parts = stratified_split([8, 8, 8, 8, 8, 8, 3, 3], one_in=3, seed=1)
        >>> [len(part) for part in parts]
        [4, 2, 2]
    """
    # A generator of its own: nobody else's draws change it, and it changes nobody else's. It is
    # made once, before the loop: made anew for each class, it would draw the same ranks in all.
    draw = random.Random(seed)
    of_class = {}
    for position, label in enumerate(labels):
        of_class.setdefault(int(label), []).append(position)

    train, validation, test = [], [], []
    # In the order of the classes, not of their first images: the draws are then the same however
    # the dict came about.
    for label in sorted(of_class):
        positions = of_class[label]
        draw.shuffle(positions)
        held_out = len(positions) // one_in
        validation += positions[:held_out]
        test += positions[held_out : 2 * held_out]
        train += positions[2 * held_out :]
    return sorted(train), sorted(validation), sorted(test)


# draw.sample(positions, 2 * held_out) draws without replacement too, and leaves the rest to be
# collected. With scikit-learn, train_test_split(..., stratify=labels, random_state=seed) splits in
# two; where several images belong together (one garment, one patient), whole groups must be drawn.
