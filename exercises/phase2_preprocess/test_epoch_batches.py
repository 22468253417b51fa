"""Public checks of epoch_batches."""

import numpy as np
import pytest

from fmnist.exercises.expect import Claim, expect

PAIRS = "An epoch is a list, and each of its elements a tuple: images and their labels."
UINT8 = "A batch of images is an array like all images, only shorter: same type, same picture size."
SIZES = (
    "The last images form a smaller batch. If it is left out, some images are never trained on, in "
    "a sorted file always the same ones."
)
ONCE = "An epoch is one pass over the data: each image comes once."
TOGETHER = (
    "An image and its label are one sample. Shuffled apart, nearly every label is wrong, and no "
    "error message says so."
)
ANEW = (
    "Each epoch needs an order of its own: otherwise the same images pull in the same sequence "
    "every time, and the last ones always have the last word."
)
COMPOSITION = (
    "The images are shuffled, not the batches: who shares a batch must change from epoch to epoch. "
    "In a sorted file, frozen batches hold one class each."
)
OWN = (
    "Runs with different seeds are compared as if they were independent. If seed and epoch are "
    "added, run 1 begins with the very order that run 0 has one epoch later."
)
ALONE = (
    "An epoch must be repeatable without those before it, for example after a crash: its order "
    "follows from seed and epoch, and from nothing that other calls leave behind."
)


def numbered(count):
    """Return images of 1 by 3 pixels that show their number, sorted by class, and their labels."""
    numbers = np.arange(count)
    images = np.stack([numbers // 256, numbers % 256, np.full(count, 7)], axis=1).astype(np.uint8)
    return images[:, np.newaxis], (numbers * 10 // count).astype(np.uint8)


def shown(batch):
    """Return the numbers that the images of a batch show."""
    return [256 * int(image[0, 0]) + int(image[0, 1]) for image in batch]


def order_of(claim):
    """Return the numbers that the images of an epoch show, in their order."""
    return [number for batch, _ in claim.value for number in shown(batch)]


def batches(answer, count, batch_size, seed=1, epoch=0):
    """Return the claim that an epoch is a list of well-formed batches."""
    images, labels = numbered(count)
    claim = expect(answer, images, labels, batch_size, seed=seed, epoch=epoch)
    value = claim.value
    pairs = type(value) is list and all(type(one) is tuple and len(one) == 2 for one in value)
    claim.holds(pairs, "a list of tuples of two arrays", PAIRS)
    sizes = [batch_size] * (count // batch_size) + [count % batch_size] * (count % batch_size > 0)
    got = [batch.shape[0] if getattr(batch, "shape", ()) else "no array" for batch, _ in value]
    claim.holds(
        got == sizes, f"batches of {_few(sizes)} images", SIZES, got=f"batches of {_few(got)}"
    )
    for number, ((batch, given), size) in enumerate(zip(value, sizes, strict=True)):
        call = f"batch {number} of {claim.call}"
        Claim(batch, call=call).is_array(size, 1, 3, dtype="uint8", idea=UINT8)
        Claim(given, call=f"labels of {call}").is_array(size, dtype="uint8", idea=UINT8)
    return claim


def _few(sizes):
    """Return sizes in words, shortened."""
    shown_sizes = ", ".join(map(str, sizes[:12]))
    return f"{shown_sizes} and so on" if len(sizes) > 12 else shown_sizes


@pytest.mark.parametrize(
    ("count", "batch_size"),
    [
        pytest.param(10, 4, id="a smaller last batch"),
        pytest.param(12, 4, id="no rest"),
        pytest.param(3, 128, id="fewer images than a batch holds"),
        pytest.param(3, 1, id="one by one"),
    ],
)
def test_sizes_and_images(answer, count, batch_size):
    """Batches have the size that was asked for, but for the last, and hold each image once."""
    claim = batches(answer, count, batch_size)
    numbers = sorted(order_of(claim))
    claim.holds(
        numbers == list(range(count)),
        f"the images 0 to {count - 1}, each once",
        ONCE,
        got=f"the images {numbers}",
    )


def test_an_image_keeps_its_label(answer):
    """In every batch, label and image belong together."""
    _, labels = numbered(300)
    claim = batches(answer, 300, 32)
    wrong = sum(
        int(label) != int(labels[min(number, 299)])
        for batch, given in claim.value
        for number, label in zip(shown(batch), given, strict=True)
    )
    claim.holds(
        wrong == 0, "images with their own labels", TOGETHER, got=f"{wrong} of 300 labels are wrong"
    )


def test_each_epoch_has_its_own_order(answer):
    """Epochs 0, 1 and 2 of the same run bring the images in three orders."""
    orders = []
    for epoch in range(3):
        claim = batches(answer, 100, 10, epoch=epoch)
        order = order_of(claim)
        claim.holds(order not in orders, "another order than in the epochs before", ANEW)
        claim.holds(order != sorted(order), "shuffled images", ANEW)
        orders.append(order)


def test_batches_are_composed_anew(answer):
    """From a sorted file, batches mix classes, and no batch of epoch 0 comes again in epoch 1."""
    first, second = (batches(answer, 200, 20, epoch=epoch) for epoch in (0, 1))
    before, after = (
        {frozenset(shown(batch)) for batch, _ in claim.value} for claim in (first, second)
    )
    second.holds(
        not before & after,
        "batches of other images than in epoch 0",
        COMPOSITION,
        got=f"{len(before & after)} of 10 batches with the very images of one in epoch 0",
    )
    fewest = min(len(set(given.tolist())) for _, given in first.value)
    first.holds(
        fewest >= 3,
        "several classes in every batch",
        COMPOSITION,
        got=f"a batch with {fewest} of 10 classes",
    )


def test_an_epoch_can_be_repeated(answer):
    """Epoch 1 is the same whatever was called before, and another seed gives another order."""
    first = batches(answer, 60, 6, seed=4, epoch=1)
    other = batches(answer, 60, 6, seed=9, epoch=1)
    again = batches(answer, 60, 6, seed=4, epoch=1)
    one, two, three = (order_of(claim) for claim in (first, other, again))
    again.holds(three == one, "the order of the first call", ALONE)
    other.holds(two != one, "another order than with seed 4", "Use the seed that is given.")


def test_runs_do_not_share_orders(answer):
    """No two of nine pairs of seed and epoch have the same order."""
    pairs = {}
    for seed in range(3):
        for epoch in range(3):
            claim = batches(answer, 50, 5, seed=seed, epoch=epoch)
            order = tuple(order_of(claim))
            claim.holds(
                order not in pairs,
                "an order that no other pair of seed and epoch has",
                OWN,
                got=f"the order of {pairs.get(order)}",
            )
            pairs[order] = f"seed {seed} in epoch {epoch}"
