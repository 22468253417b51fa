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


def one_epoch(split: splits.Split, **settings) -> list[tuple[np.ndarray, ...]]:
    """Return the batches of one epoch: images, labels and positions of each."""
    from fmnist.training.pipeline import pipeline

    settings = {"batch_size": 10, "seed": 0, "epoch": 0} | settings
    batches = pipeline(split, NO_SCALING, **settings)
    return [tuple(one.numpy() for one in batch) for batch in batches]


def test_an_epoch_shows_every_image_once_with_its_label():
    """Shuffled, in batches, the last one smaller, image, label and position together."""
    split = numbered(25)
    batches = one_epoch(split)
    assert [len(labels) for _, labels, _ in batches] == [10, 10, 5]
    order = np.concatenate([labels for _, labels, _ in batches])
    assert sorted(order) == list(range(25))
    assert list(order) != list(range(25))
    images = np.concatenate([images for images, *_ in batches])
    assert images[..., 0] == pytest.approx(split.images[order].astype(float), abs=1e-3)
    assert np.array_equal(np.concatenate([positions for *_, positions in batches]), order)


def test_an_epoch_looks_at_what_it_is_asked_to():
    """The others are not there, and each keeps its label and its place in the split."""
    split = numbered(25)
    batches = one_epoch(split, looked_at=np.array([3, 5, 20]))
    labels, positions = (np.concatenate([batch[n] for batch in batches]) for n in (1, 2))
    assert sorted(positions) == [3, 5, 20]
    assert np.array_equal(labels, positions)


def test_batches_are_mixed_anew_in_every_epoch():
    """Images that met in one batch do not stay together: shuffling comes before batching."""
    split = numbered(60)
    together = [
        {frozenset(labels.tolist()) for _, labels, _ in one_epoch(split, epoch=epoch)}
        for epoch in (0, 1)
    ]
    assert not together[0] & together[1]


def test_an_epoch_can_be_repeated():
    """Order and augmentation follow from seed and epoch alone."""
    split = numbered(30)
    changes = {"mirror": "random", "shift": 2, "erasing": 0.5}
    once, again, other = (one_epoch(split, epoch=3, seed=seed, **changes) for seed in (1, 1, 2))
    assert all(
        np.array_equal(a, b)
        for one, two in zip(once, again, strict=True)
        for a, b in zip(one, two, strict=True)
    )
    assert not np.array_equal(once[0][1], other[0][1])


# --- augmentation ---


def changed(images: np.ndarray, mirror, **settings) -> np.ndarray:
    """Return what augmentation makes of uint8 images of shape (n, 28, 28)."""
    from fmnist.training import augmentation

    turned = np.broadcast_to(mirror, len(images))
    return augmentation.augment(images[..., np.newaxis], turned, **settings).numpy()[..., 0]


@given(st.integers(0, 2**31 - 1))
def test_augmentation_mirrors_and_shifts_and_nothing_else(seed):
    """Each result is its image, mirrored or not, moved by up to two pixels, background around."""
    images = numbered(4).images
    mirror = np.array([True, False, True, False])
    results = changed(images, mirror, seed=(seed, 0), shift=2)
    assert results.dtype == np.uint8
    for image, turned, result in zip(images, mirror, results, strict=True):
        candidates = [
            np.pad(image[:, ::-1] if turned else image, 2)[
                2 + down : 30 + down, 2 + across : 30 + across
            ]
            for down in range(-2, 3)
            for across in range(-2, 3)
        ]
        assert any(np.array_equal(candidate, result) for candidate in candidates)


@pytest.mark.parametrize("most", [1, 2])
def test_every_shift_is_used(most):
    """Over many images all places are reached, and none beyond."""
    images = np.zeros((4_000, 28, 28), np.uint8)
    images[:, 14, 10] = 255  # one bright pixel tells the shift
    rows, columns = np.nonzero(changed(images, False, seed=(0, 1), shift=most))[1:]
    places = {(row - 14, column - 10) for row, column in zip(rows, columns, strict=True)}
    assert places == {(r, c) for r in range(-most, most + 1) for c in range(-most, most + 1)}


def test_erasing_covers_one_rectangle_of_the_promised_size():
    """As often as asked, 2 to 20 % of the area, no side more than twice the other, with noise."""
    images = np.zeros((2_000, 28, 28), np.uint8)
    results = changed(images, False, seed=(0, 1), erasing=0.3)
    touched = results.any(axis=(1, 2))
    assert 0.26 < touched.mean() < 0.34
    areas = []
    for result in results[touched]:
        rows, columns = np.flatnonzero(result.any(axis=1)), np.flatnonzero(result.any(axis=0))
        height, width = np.ptp(rows) + 1, np.ptp(columns) + 1
        areas.append(height * width)
        assert max(height, width) <= 2 * min(height, width) + 2  # rounded to whole pixels
        inside = result[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
        assert (inside == 0).mean() < 0.2  # noise is 0 for one pixel in 256
    assert 0.01 * 784 < min(areas) < 0.04 * 784
    assert 0.16 * 784 < max(areas) < 0.22 * 784
    values = results[touched][results[touched] > 0]
    assert 120 < values.mean() < 136


@pytest.mark.parametrize(
    ("how", "shares"), [("never", (0.0, 0.0)), ("random", (0.5, 0.5)), ("alternating", (0.5, 1.0))]
)
def test_the_mirror_is_drawn_as_asked(how, shares):
    """Which share an epoch mirrors, and which share the next one shows from the other side."""
    from fmnist.training import augmentation

    one, other = (augmentation.mirrored(4_000, how=how, seed=3, epoch=epoch) for epoch in (4, 5))
    assert one.mean() == pytest.approx(shares[0], abs=0.03)
    assert (one != other).mean() == pytest.approx(shares[1], abs=0.03)


def test_nothing_is_tuned_behind_our_back():
    """TensorFlow's tuner ends seconds after the epoch that it tuned, and training waits for it."""
    from fmnist.training import pipeline

    tiny = splits.Split("train", np.zeros((4, 28, 28), np.uint8), np.zeros(4, np.uint8))
    batches = pipeline.pipeline(tiny, NO_SCALING, batch_size=2, seed=0, epoch=0)
    assert batches.options().autotune.enabled is False
