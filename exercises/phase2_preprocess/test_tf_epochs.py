"""Public checks of tf_epochs."""

import numpy as np

from fmnist.exercises.expect import Claim, expect

NESTED = "One list for each epoch, and in it one tuple for each batch: images and labels."
CHANNEL = (
    "A convolutional network expects float32 and a channel axis, which comes last: of length 1 for "
    "grey images."
)
LABELS = "Labels stay what they are: whole numbers, one for each image."
SCALE = (
    "Statistics are numbers on a scale: these belong to pixels from 0 to 1, so the pixels are "
    "brought there once. Twice, and all images look black."
)
GIVEN = (
    "The statistics are those of training, and they come with the model. A batch has no say in "
    "them: what an image becomes must not depend on who shares its batch."
)
SIZES = "The last images form a smaller batch: whatever is dropped is missing from the epoch."
ONCE = "Each epoch is one pass over the data: every image comes once, with its own label."
ANEW = (
    "Every pass must shuffle anew. What is shuffled first and remembered afterwards comes in the "
    "same order for ever."
)
MIXED = (
    "In a sorted file, neighbours are of one class. Only if single images are shuffled, and all of "
    "them have a chance to come next, is each batch a sample of everything."
)
SEED = "Others can repeat your training only if the seed alone decides the order."


def numbered(count):
    """Return images of 2 by 3 random pixels, and labels that are the numbers of the images."""
    images = np.random.default_rng(count).integers(0, 256, (count, 2, 3), dtype=np.uint8)
    return images, np.arange(count, dtype=np.uint8)


def stream(answer, images, labels, batch_size, epochs, *, seed=0, mean=0.3, deviation=0.35):
    """Return the claim that there are epochs of well-formed batches."""
    claim = expect(answer, images, labels, mean, deviation, batch_size, epochs, seed=seed)
    value = claim.value
    nested = type(value) is list and len(value) == epochs
    pairs = nested and all(
        type(one) is list and all(type(pair) is tuple and len(pair) == 2 for pair in one)
        for one in value
    )
    claim.holds(pairs, f"a list of {epochs} lists of tuples of two arrays", NESTED)
    full, rest = divmod(len(images), batch_size)
    sizes = [batch_size] * full + [rest] * (rest > 0)
    for number, epoch in enumerate(value):
        got = [batch.shape[0] if getattr(batch, "shape", ()) else "no array" for batch, _ in epoch]
        claim.holds(
            got == sizes, f"batches of {sizes} images", SIZES, got=f"batches of {got}"[:100]
        )
        for (batch, given), size in zip(epoch, sizes, strict=True):
            one = Claim(batch, call=f"a batch of epoch {number} of {claim.call}")
            one.is_array(size, *images.shape[1:], 1, dtype="float32", idea=CHANNEL)
            Claim(given, call=f"labels of {one.call}").is_array(size, dtype="uint8", idea=LABELS)
    return claim


def order_of(epoch):
    """Return the labels of an epoch, in their order."""
    return [label for _, given in epoch for label in given.tolist()]


def test_worked_by_hand(answer):
    """With mean 0.5 and deviation 0.25, black becomes -2 and white 2."""
    images = np.array([[[0, 255, 51]]], dtype=np.uint8)
    labels = np.array([7], dtype=np.uint8)
    claim = stream(answer, images, labels, 32, 1, mean=0.5, deviation=0.25)
    batch, given = claim.value[0][0]
    one = Claim(batch, call=f"the batch of {claim.call}")
    one.is_close([[[[-2.0], [2.0], [-1.2]]]], tolerance=1e-5, idea=SCALE)
    Claim(given, call=f"labels of {claim.call}").is_close([7], tolerance=0, idea=LABELS)


def test_every_image_once_with_its_label(answer):
    """In each of two epochs, 50 images come once, standardised with the statistics given."""
    images, labels = numbered(50)
    claim = stream(answer, images, labels, 16, 2)
    for number, epoch in enumerate(claim.value):
        order = order_of(epoch)
        claim.holds(
            sorted(order) == list(range(50)),
            "each of 50 labels once in each epoch",
            ONCE,
            got=f"{len(set(order))} different labels in epoch {number}",
        )
        for batch, given in epoch:
            expected = (images[given, ..., np.newaxis].astype(np.float64) / 255 - 0.3) / 0.35
            one = Claim(batch, call=f"a batch of epoch {number} of {claim.call}")
            one.is_close(expected, tolerance=1e-5, idea=f"{GIVEN} And each keeps its label.")


def test_each_epoch_has_its_own_order(answer):
    """Three epochs have three orders, and no batch comes again with the same images."""
    images, labels = numbered(60)
    claim = stream(answer, images, labels, 10, 3)
    orders = [order_of(epoch) for epoch in claim.value]
    different = len({tuple(order) for order in orders})
    claim.holds(different == 3, "three different orders", ANEW, got=f"{different} in three epochs")
    before, after = ({frozenset(given.tolist()) for _, given in claim.value[k]} for k in (0, 1))
    claim.holds(
        not before & after,
        "batches that are composed anew",
        MIXED,
        got=f"{len(before & after)} of 6 batches with the very images of one in epoch 0",
    )


def test_a_sorted_file_is_mixed(answer):
    """From a file sorted by class, the first batch holds images of many classes."""
    images, _ = numbered(200)
    labels = np.repeat(np.arange(10, dtype=np.uint8), 20)
    claim = stream(answer, images, labels, 20, 1)
    classes = len(set(claim.value[0][0][1].tolist()))
    claim.holds(
        classes >= 5,
        "at least 5 of 10 classes in the first batch",
        MIXED,
        got=f"{classes} in the first batch of 20 images",
    )


def test_the_seed_decides(answer):
    """The same seed gives the same two epochs again, and another seed others."""
    images, labels = numbered(40)
    first, other, again = (stream(answer, images, labels, 8, 2, seed=one) for one in (5, 6, 5))
    one, two, three = (
        [order_of(epoch) for epoch in claim.value] for claim in (first, other, again)
    )
    again.holds(three == one, "the order of the first call", SEED)
    other.holds(two != one, "another order than with seed 5", SEED)
