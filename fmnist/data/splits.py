"""Fashion-MNIST as arrays, and its splits.

Images are uint8 of shape (n, 28, 28), axes (image, row, column), from 0 for background to 255;
labels are uint8 of shape (n,), from 0 to 9 in the order of `CLASS_NAMES`. Nothing here scales
or reshapes: that is `fmnist.data.preprocess`. The test images are opened in `fmnist.data.seal`.

Source: Xiao, Rasul and Vollgraf (2017), arXiv:1708.07747, for classes and their order; the idx
format as described with MNIST (LeCun, Cortes and Burges).
"""

import functools
import hashlib
import math
import os
from dataclasses import dataclass

import numpy as np

from fmnist.data import fetch

CLASS_NAMES = (
    "T-shirt/top",
    "Trouser",
    "Pullover",
    "Dress",
    "Coat",
    "Sandal",
    "Shirt",
    "Sneaker",
    "Bag",
    "Ankle boot",
)
IMAGE_SHAPE = (28, 28)  # rows, columns, in pixels
SPLIT_SEED = 0
VALIDATION_IMAGES = 10_000
SMOKE_TRAIN, SMOKE_OTHER = 2_000, 1_000  # images that a smoke build works with
SEALED_IN = ("phase1", "phase2", "phase3", "phase4")  # chapters that never see a test image


class Sealed(Exception):
    """The test set was asked for where it must stay closed."""


class DataMissing(Exception):
    """The files are not in the cache, or damaged; the message says what to type."""


@dataclass(frozen=True)
class Split:
    """Images and their labels, in the same order.

    Attributes:
        name: "train", "validation" or "test".
        images: uint8, shape (n, 28, 28), in [0, 255].
        labels: uint8, shape (n,), in [0, 9].
    """

    name: str
    images: np.ndarray
    labels: np.ndarray

    def __len__(self) -> int:
        return len(self.labels)

    @functools.cached_property
    def digest(self) -> str:
        """SHA-256 of the images in their order, in hexadecimal."""
        return hashlib.sha256(self.images.tobytes()).hexdigest()

    def take(self, positions: np.ndarray) -> "Split":
        """Return the images at these positions, in their order."""
        return Split(self.name, self.images[positions], self.labels[positions])


def is_smoke() -> bool:
    """Return whether this is a smoke build, which works with a small stratified subset."""
    return os.environ.get("FMNIST_TIER") == "smoke"


def train_and_validation() -> tuple[Split, Split]:
    """Return the training images without 10,000 for validation, and those.

    The validation images are drawn class by class, so that both splits have equal shares of
    each class; the draw has a fixed seed and is the same on every machine. Together they are
    the 60,000 published training images.

    Raises:
        DataMissing: the files are not in the cache.
    """
    whole = Split("train", *_read("train"))
    validation = _stratified(whole.labels, VALIDATION_IMAGES)
    rest = np.setdiff1d(np.arange(len(whole)), validation)
    train, held_out = whole.take(rest), whole.take(validation)
    if is_smoke():
        train, held_out = subset(train, SMOKE_TRAIN), subset(held_out, SMOKE_OTHER)
    return train, Split("validation", held_out.images, held_out.labels)


def read_test() -> Split:
    """Return the 10,000 test images. Only `fmnist.data.seal` calls this, and keeps the ledger.

    Raises:
        Sealed: a chapter of phases 1 to 4 asked, by whatever way.
        DataMissing: the files are not in the cache.
    """
    chapter = os.environ.get("FMNIST_CHAPTER", "")
    if chapter.startswith(SEALED_IN):
        raise Sealed(f"{chapter} asked for the test set, which opens in phases 5 and 6 only.")
    test = Split("test", *_read("t10k"))
    return subset(test, SMOKE_OTHER) if is_smoke() else test


def subset(split: Split, size: int) -> Split:
    """Return `size` images of a split, equally many of each class: the same ones every time.

    Raises:
        ValueError: `size` is not a multiple of ten, or a class has too few images.
    """
    fewest = int(np.bincount(split.labels, minlength=len(CLASS_NAMES)).min())
    most = fewest * len(CLASS_NAMES)
    if size % len(CLASS_NAMES) or not 0 < size <= most:
        raise ValueError(f"size must be a multiple of 10 from 10 to {most:,}, not {size:,}")
    return split.take(_stratified(split.labels, size))


def first_half(split: Split) -> np.ndarray:
    """Return which images of a split are in its first half, equally many of each class.

    Whoever chooses by the accuracy on one half can report that on the other.

    Returns:
        bool, shape (n,).
    """
    chosen = np.zeros(len(split), bool)
    chosen[_stratified(split.labels, len(split) // 2)] = True
    return chosen


def _stratified(labels: np.ndarray, size: int) -> np.ndarray:
    """Return the sorted positions of `size` images, equally many of each class."""
    draw = np.random.default_rng(SPLIT_SEED)
    per_class = size // len(CLASS_NAMES)
    positions = [
        draw.permutation(np.flatnonzero(labels == label))[:per_class]
        for label in range(len(CLASS_NAMES))
    ]
    return np.sort(np.concatenate(positions))


def _read(part: str) -> tuple[np.ndarray, np.ndarray]:
    """Return images and labels of one published part, "train" or "t10k"."""
    try:
        images, labels = fetch.read(part)
    except fetch.FetchError as error:
        raise DataMissing(str(error)) from None
    return parse_idx(images), parse_idx(labels)


def parse_idx(content: bytes) -> np.ndarray:
    """Return the array stored in the bytes of one idx file.

    Args:
        content: two zero bytes, the type (8 for unsigned bytes), the number of dimensions, their
            sizes as big-endian 32-bit integers, and the elements in row-major order.

    Returns:
        uint8, with the shape given in the header; read-only.

    Raises:
        ValueError: it does not begin like an idx file of unsigned bytes, or is shorter or longer
            than its header says; the message gives both.
    """
    if len(content) < 4 or content[:3] != b"\0\0\x08":
        raise ValueError(f"expected an idx file of unsigned bytes, received {content[:4]!r} ...")
    dimensions = content[3]
    start = 4 + 4 * dimensions
    sizes = [content[place : place + 4] for place in range(4, start, 4)]
    shape = [int.from_bytes(size, "big") for size in sizes]
    expected = start + math.prod(shape)
    if len(content) != expected:
        raise ValueError(f"expected {expected:,} bytes by the header, received {len(content):,}")
    return np.frombuffer(content, dtype=np.uint8, offset=start).reshape(shape)
