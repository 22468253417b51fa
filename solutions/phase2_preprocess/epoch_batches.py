"""Find the bugs in the batches of an epoch.

Read phase 2 through "Batches: the order of the steps". An answer may import numpy. A colleague's
function runs, and four things are wrong with it. Write the function below it as it should be, then
type: fmnist check epoch_batches
"""

import numpy as np


def batches_of_a_colleague(images, labels, batch_size, seed, epoch):
    """Return the batches of an epoch, with four mistakes. Do not mend it here: write your own."""
    draw = np.random.default_rng(seed + epoch)
    count = len(images) // batch_size
    starts = [batch_size * number for number in range(count)]
    image_batches = [images[start : start + batch_size] for start in starts]
    label_batches = [labels[start : start + batch_size] for start in starts]
    draw.shuffle(image_batches)
    draw.shuffle(label_batches)
    return list(zip(image_batches, label_batches, strict=True))


def epoch_batches(images, labels, batch_size, seed, epoch):
    """Return the batches of one epoch, in an order that follows from seed and epoch alone.

    Args:
        images: uint8, shape (n, rows, columns), n at least 1; perhaps sorted by class.
        labels: uint8, shape (n,): the class of each image.
        batch_size: int, at least 1.
        seed: int, at least 0, of the run.
        epoch: int, from 0. Another seed or another epoch gives another order of the images.

    Returns:
        list of tuples (batch, batch_labels): uint8 arrays of shapes (b, rows, columns) and (b,).
        All batches have b = batch_size images, but the last may have fewer. Together they hold
        each image once, with its label, and which images share a batch is drawn in each epoch.

    Example:
        >>> images, labels = np.zeros((5, 28, 28), dtype=np.uint8), np.zeros(5, dtype=np.uint8)
        >>> [batch.shape for batch, _ in epoch_batches(images, labels, 2, seed=0, epoch=0)]
        [(2, 28, 28), (2, 28, 28), (1, 28, 28)]
    """
    # Seed and epoch stay apart: of their sum, run 0 in epoch 1 and run 1 in epoch 0 would be one.
    order = np.random.default_rng([seed, epoch]).permutation(len(images))
    batches = []
    for start in range(0, len(order), batch_size):
        # A slice beyond the end is just shorter, so the last batch needs no case of its own.
        chosen = order[start : start + batch_size]
        # The same positions pick images and labels, so nothing can come apart.
        batches.append((images[chosen], labels[chosen]))
    return batches


# images[order] and labels[order] first, and slices of both afterwards, is as good but copies all
# images at once. A generator kept through the whole run also shuffles well, but epoch 7 can then
# only be repeated after epochs 0 to 6.
