"""Public checks of standardise."""

import numpy as np

from fmnist.exercises.expect import expect

BELOW_ZERO = (
    "Whatever is darker than the training mean lies below 0, which uint8 cannot hold: there, one "
    "step below 0 is 255, and black comes out as bright. The mean is no whole number either."
)
FLOAT32 = "The result has the shape of images, in float32: end with .astype(np.float32)."
FORMULA = (
    "Subtract the training mean, then divide by the training standard deviation (not the "
    "variance, and with n, not n - 1)."
)
TRAIN_ONLY = (
    "Mean and standard deviation come from the training images alone: at the time of use there is "
    "nothing else, and statistics of other images would leak them into the preprocessing."
)


def random_images(seed, count, low, high):
    """Return uint8 images of 4 by 5 pixels with values in [low, high)."""
    return np.random.default_rng(seed).integers(low, high, (count, 4, 5), dtype=np.uint8)


def test_worked_by_hand(answer):
    """A training mean and standard deviation of 50 turn the pixels 200 and 50 into 3 and 0."""
    train = np.array([[[0, 100]]], dtype=np.uint8)
    claim = expect(answer, train, np.array([[[200, 50]]], dtype=np.uint8))
    claim.is_array(1, 1, 2, dtype="float32", idea=FLOAT32)
    claim.is_close([[[3.0, 0.0]]], tolerance=1e-5, idea=f"(200 - 50) / 50 = 3. {FORMULA}")


def test_dark_pixels_fall_below_zero(answer):
    """Pixels that are darker than the training mean become negative numbers."""
    train = np.array([[[100, 201]]], dtype=np.uint8)  # mean 150.5, standard deviation 50.5
    claim = expect(answer, train, np.array([[[100, 0]]], dtype=np.uint8))
    claim.is_array(1, 1, 2, dtype="float32", idea=FLOAT32)
    claim.is_close([[[-1.0, -150.5 / 50.5]]], tolerance=1e-5, idea=BELOW_ZERO)


def test_one_mean_and_one_standard_deviation(answer):
    """A column that is brighter than the other stays brighter: one mean for all pixels."""
    train = np.zeros((10, 2, 2), dtype=np.uint8)
    train[:, :, 1] = 200
    claim = expect(answer, train, train).is_array(10, 2, 2, dtype="float32", idea=FLOAT32)
    claim.is_close(
        (train / 100.0 - 1).tolist(),
        tolerance=1e-5,
        idea="One mean and one standard deviation over all pixels, not one for each position: the "
        "difference between two positions is what shows the garment.",
    )


def test_training_images_get_mean_0_and_standard_deviation_1(answer):
    """Applied to the training images themselves, the result has mean 0 and standard deviation 1."""
    train = random_images(1, 50, 0, 256)
    claim = expect(answer, train, train).is_array(50, 4, 5, dtype="float32", idea=FLOAT32)
    mean, deviation = claim.value.mean(dtype=float), claim.value.std(dtype=float)
    claim.holds(
        abs(mean) < 1e-4 and abs(deviation - 1) < 1e-4,
        "mean 0 and standard deviation 1",
        FORMULA,
        got=f"mean {mean:.4f} and standard deviation {deviation:.4f}",
    )


def test_brighter_images_stay_brighter(answer):
    """Validation images that are brighter than the training images keep a mean above 0."""
    claim = expect(answer, random_images(2, 40, 0, 100), random_images(3, 30, 150, 256))
    claim.is_array(30, 4, 5, dtype="float32", idea=FLOAT32)
    claim.holds(
        claim.value.mean() > 1,
        "a mean well above 0",
        TRAIN_ONLY,
        got=f"images with mean {claim.value.mean():.2f}",
    )


def test_one_image_does_not_depend_on_its_neighbours(answer):
    """An image is turned into the same numbers alone and among others."""
    train, images = random_images(4, 20, 0, 256), random_images(5, 10, 0, 256)
    together = expect(answer, train, images).is_array(10, 4, 5, dtype="float32", idea=FLOAT32)
    alone = expect(answer, train, images[:1]).is_array(1, 4, 5, dtype="float32", idea=FLOAT32)
    alone.is_close(together.value[:1], tolerance=1e-5, idea=TRAIN_ONLY)
