"""From pixels to what a network is given."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fmnist.data import preprocess, splits

RNG = np.random.default_rng(0)


def test_scaling_keeps_order_and_ends():
    """0 stays 0, 255 becomes 1, brighter stays brighter, and a channel is added."""
    images = np.arange(256, dtype=np.uint8).reshape(1, 16, 16)
    unit = preprocess.to_unit(images)
    assert unit.shape == (1, 16, 16, 1)
    assert unit.dtype == np.float32
    assert (unit.min(), unit.max()) == (0, 1)
    assert (np.diff(unit.ravel()) > 0).all()


@pytest.mark.parametrize(
    "images",
    [np.zeros((1, 2, 2), np.float32), np.zeros((1, 2, 2, 1), np.uint8)],
    ids=["float", "axes"],
)
def test_scaling_twice_is_refused(images):
    """What is scaled already is no uint8 image."""
    with pytest.raises(ValueError, match="to_unit expects uint8 images"):
        preprocess.to_unit(images)


def test_standardising_uses_the_fitted_statistics():
    """The images that were fitted get mean 0 and deviation 1; others do not."""
    images = RNG.integers(0, 100, (50, 5, 5), dtype=np.uint8)
    standardiser = preprocess.Standardiser.fit(images)
    fitted = standardiser.apply(images)
    assert fitted.mean() == pytest.approx(0, abs=1e-5)
    assert fitted.std() == pytest.approx(1, abs=1e-5)
    assert standardiser.apply(images + 100).mean() > 1


def test_each_scaling_does_what_its_name_says():
    """No scaling leaves 0 to 255, the unit scale ends at 1, the standard one is fitted."""
    images = RNG.integers(0, 256, (20, 4, 4), dtype=np.uint8)
    unscaled = preprocess.scaler("none", images).apply(images)
    assert unscaled[..., 0] == pytest.approx(images.astype(float), abs=1e-3)
    assert preprocess.scaler("unit", images).apply(images) == pytest.approx(
        preprocess.to_unit(images)
    )
    assert preprocess.scaler("standard", images) == preprocess.Standardiser.fit(images)


def test_an_unknown_scaling_is_refused():
    """The message lists the choices."""
    with pytest.raises(ValueError, match="how must be one of none, unit, standard, not 'log'"):
        preprocess.scaler("log", np.zeros((1, 2, 2), np.uint8))


# --- the pipeline: needs TensorFlow ---

NO_SCALING = preprocess.Standardiser(0.0, 1 / 255)


def numbered(count: int) -> splits.Split:
    """Return a split whose labels tell the images apart."""
    images = RNG.integers(1, 256, (count, 28, 28), dtype=np.uint8)
    return splits.Split("train", images, np.arange(count, dtype=np.uint8))


def one_epoch(split: splits.Split, **settings) -> list[tuple[np.ndarray, np.ndarray]]:
    """Return the batches of one epoch."""
    from fmnist.training.pipeline import pipeline

    settings = {"batch_size": 10, "seed": 0, "epoch": 0} | settings
    batches = pipeline(split, NO_SCALING, **settings)
    return [(images.numpy(), labels.numpy()) for images, labels in batches]


def test_an_epoch_shows_every_image_once_with_its_label():
    """Shuffled, in batches, the last one smaller, image and label together."""
    split = numbered(25)
    batches = one_epoch(split)
    assert [len(labels) for _, labels in batches] == [10, 10, 5]
    order = np.concatenate([labels for _, labels in batches])
    assert sorted(order) == list(range(25))
    assert list(order) != list(range(25))
    images = np.concatenate([images for images, _ in batches])
    assert images[..., 0] == pytest.approx(split.images[order].astype(float), abs=1e-3)


def test_batches_are_mixed_anew_in_every_epoch():
    """Images that met in one batch do not stay together: shuffling comes before batching."""
    split = numbered(60)
    together = [
        {frozenset(labels.tolist()) for _, labels in one_epoch(split, epoch=epoch)}
        for epoch in (0, 1)
    ]
    assert not together[0] & together[1]


def test_an_epoch_can_be_repeated():
    """Order and augmentation follow from seed and epoch alone."""
    split = numbered(30)
    once, again, other = (
        one_epoch(split, epoch=3, seed=seed, augmentation="flip_shift") for seed in (1, 1, 2)
    )
    assert all(
        np.array_equal(a, b)
        for one, two in zip(once, again, strict=True)
        for a, b in zip(one, two, strict=True)
    )
    assert not np.array_equal(once[0][1], other[0][1])


@given(st.integers(0, 2**31 - 1))
def test_augmentation_mirrors_and_shifts_and_nothing_else(seed):
    """Each result is its image, mirrored or not, moved by up to two pixels, background around."""
    from fmnist.training import augmentation

    images = numbered(4).images
    changed = augmentation.augment(images[..., np.newaxis], seed=(seed, 0)).numpy()[..., 0]
    assert changed.dtype == np.uint8
    for image, result in zip(images, changed, strict=True):
        candidates = [
            np.pad(side, 2)[2 + down : 30 + down, 2 + across : 30 + across]
            for side in (image, image[:, ::-1])
            for down in range(-2, 3)
            for across in range(-2, 3)
        ]
        assert any(np.array_equal(candidate, result) for candidate in candidates)


def test_augmentation_mirrors_half_and_uses_every_shift():
    """Over many images: about half are mirrored, and all 25 shifts occur."""
    from fmnist.training import augmentation

    images = np.zeros((4_000, 28, 28, 1), np.uint8)
    images[:, 14, 10] = 255  # one bright pixel tells side and shift
    rows, columns = np.nonzero(augmentation.augment(images, seed=(0, 1)).numpy()[..., 0])[1:]
    mirrored = columns >= 14
    assert 0.46 < mirrored.mean() < 0.54
    places = {(row - 14, abs(column - 13.5)) for row, column in zip(rows, columns, strict=True)}
    assert len(places) == 25


def test_nothing_is_tuned_behind_our_back():
    """TensorFlow's tuner ends seconds after the epoch that it tuned, and training waits for it."""
    from fmnist.training import pipeline

    tiny = splits.Split("train", np.zeros((4, 28, 28), np.uint8), np.zeros(4, np.uint8))
    batches = pipeline.pipeline(tiny, NO_SCALING, batch_size=2, seed=0, epoch=0)
    assert batches.options().autotune.enabled is False
